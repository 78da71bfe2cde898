package io.osmia.control.internal.rules;

import io.osmia.wire.swarmkit.Annotations;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of services and networks (rule 1.3.3). */
public final class AnnotationRules {

    /** Says what the rule's expression says, without its nested repetition, which takes ages over a long bad name. */
    private static final Pattern DNS_COMPONENT = Pattern.compile("[a-zA-Z0-9](?:[-_a-zA-Z0-9]*[a-zA-Z0-9])?");
    private static final int LONGEST = 63;

    private AnnotationRules() {}

    public static Optional<Refusal> check(Annotations annotations) {
        String name = annotations.getName();
        return Refusal.first(
                () -> Refusal.when(name.isEmpty(), "meta: name must be provided"),
                () -> Refusal.when(!isDnsComponent(name), "name must be valid as a DNS name component"),
                () -> Refusal.when(name.length() > LONGEST, "name must be 63 characters or fewer"));
    }

    private static boolean isDnsComponent(String name) {
        return DNS_COMPONENT.matcher(name).matches();
    }
}
