/**
 * Makes of the nodes' roles what is asked for (rule 8.7); not exported. {@link io.osmia.orchestrator.internal.roles.RoleRules}
 * says what is next for one node, {@link io.osmia.orchestrator.internal.roles.RoleManager} when to look and what to do about
 * it; changes of the raft group wait, and so are made on a thread of their own.
 */
@NullMarked
package io.osmia.orchestrator.internal.roles;

import org.jspecify.annotations.NullMarked;
