/** Places the tasks of a service evenly over the nodes. */
@NullMarked
package io.osmia.strategy.spread;

import org.jspecify.annotations.NullMarked;
