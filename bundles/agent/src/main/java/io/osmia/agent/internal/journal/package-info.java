/** The tasks of this node on disk. */
@NullMarked
package io.osmia.agent.internal.journal;

import org.jspecify.annotations.NullMarked;
