/** The raft group as a gRPC service. */
@NullMarked
package io.osmia.raft.internal.service;

import org.jspecify.annotations.NullMarked;
