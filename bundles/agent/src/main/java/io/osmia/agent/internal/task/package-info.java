/** From a task to a workload: choice of the executor, state machine, runners. */
@NullMarked
package io.osmia.agent.internal.task;

import org.jspecify.annotations.NullMarked;
