/** Output of the tasks of this node. */
@NullMarked
package io.osmia.agent.internal.logs;

import org.jspecify.annotations.NullMarked;
