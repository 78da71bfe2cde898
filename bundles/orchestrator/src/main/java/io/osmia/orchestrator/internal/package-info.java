/**
 * Implementation; not exported.
 *
 * <p>{@code *Loop} are the components; each runs one reactor. {@link io.osmia.orchestrator.internal.ServiceOrchestrator} is
 * the frame of the orchestrators of services: replicated and global ones now, jobs (rule 3.3) are to be a third. What a
 * service needs is worked out by pure plans ({@code ReplicatedPlan}, {@code GlobalPlan}, {@code GlobalNodePlan}) from a state
 * of the store; {@link io.osmia.orchestrator.internal.RestartSupervisor} (rule 3.4) and
 * {@link io.osmia.orchestrator.internal.Updates} (rule 3.6) keep what a plan cannot read from the store, as data with
 * deadlines. All of them answer with {@link io.osmia.orchestrator.internal.Edit}s.
 */
@NullMarked
package io.osmia.orchestrator.internal;

import org.jspecify.annotations.NullMarked;
