package io.osmia.api.scheduling;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A further condition that a node must meet; runs after the built-in filters. */
@ConsumerType
public interface NodeFilter {

    /** Name for explanations, lower-case letters, digits and dashes. */
    String name();

    /** Why the node must not take a task of the group; empty when it may. */
    Optional<Veto> veto(TaskGroup group, Candidate candidate);

    /**
     * @param reason for people, without the node's name, e.g. {@code outside of maintenance window}
     * @param lasting whether the node will never fit ({@code true}) or may fit later
     */
    record Veto(String reason, boolean lasting) {}
}
