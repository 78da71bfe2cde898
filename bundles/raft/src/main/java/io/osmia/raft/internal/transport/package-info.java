/** How members of the raft group reach each other, and whom they let in. */
@NullMarked
package io.osmia.raft.internal.transport;

import org.jspecify.annotations.NullMarked;
