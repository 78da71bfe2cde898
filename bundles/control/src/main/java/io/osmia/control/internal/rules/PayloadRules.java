package io.osmia.control.internal.rules;

import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.SecretSpec;
import java.util.Optional;
import java.util.regex.Pattern;

/** What specs of secrets and configs must satisfy by themselves (rules 1.3.4, 1.7.1 and 1.7.2). */
public final class PayloadRules {

    private static final int SECRET_LIMIT = 512_000;
    private static final int CONFIG_LIMIT = 1_024_000;
    private static final int LONGEST_NAME = 64;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[-_.a-zA-Z0-9]*[a-zA-Z0-9])?");

    private PayloadRules() {}

    public static Optional<Refusal> check(SecretSpec spec) {
        return Refusal.first(
                () -> name(spec.getAnnotations()),
                () -> spec.hasDriver()
                        ? Refusal.when(spec.getDriver().getName().isEmpty(), "secret driver must have a name")
                        : size("secret", spec.getData().size(), SECRET_LIMIT));
    }

    public static Optional<Refusal> check(ConfigSpec spec) {
        return Refusal.first(
                () -> name(spec.getAnnotations()), () -> size("config", spec.getData().size(), CONFIG_LIMIT));
    }

    private static Optional<Refusal> name(Annotations annotations) {
        String name = annotations.getName();
        return Refusal.first(
                () -> Refusal.when(name.isEmpty(), "name must be provided"),
                () -> Refusal.when(
                        name.length() > LONGEST_NAME || !NAME.matcher(name).matches(),
                        "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must"
                                + " be [a-zA-Z0-9]"));
    }

    private static Optional<Refusal> size(String kind, int bytes, int limit) {
        return Refusal.when(
                bytes == 0 || bytes >= limit, kind + " data must be larger than 0 and less than " + limit + " bytes");
    }
}
