/** Constraints on the labels of a node's engine: engine.labels. */
@NullMarked
package io.osmia.constraint.engine;

import org.jspecify.annotations.NullMarked;
