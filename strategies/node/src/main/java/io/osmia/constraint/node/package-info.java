/** Constraints on what is known of a node: node.id, node.hostname, node.labels and others. */
@NullMarked
package io.osmia.constraint.node;

import org.jspecify.annotations.NullMarked;
