/** The conditions that a node must meet to get a task. */
@NullMarked
package io.osmia.scheduler.internal.filter;

import org.jspecify.annotations.NullMarked;
