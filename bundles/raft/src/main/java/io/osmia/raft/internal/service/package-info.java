/** What each manager serves to the others, and what the leader does for all. */
@NullMarked
package io.osmia.raft.internal.service;

import org.jspecify.annotations.NullMarked;
