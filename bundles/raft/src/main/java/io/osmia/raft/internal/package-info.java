/** Implementation; not exported. */
@NullMarked
package io.osmia.raft.internal;

import org.jspecify.annotations.NullMarked;
