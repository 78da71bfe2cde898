/** Reads what Ratis keeps on disk before Ratis does, and changes nothing. */
@NullMarked
package io.osmia.raft.internal.check;

import org.jspecify.annotations.NullMarked;
