/** How log records and snapshots are sealed with the cluster's log keys. */
@NullMarked
package io.osmia.raft.internal.seal;

import org.jspecify.annotations.NullMarked;
