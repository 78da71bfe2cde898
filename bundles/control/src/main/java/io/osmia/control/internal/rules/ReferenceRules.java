package io.osmia.control.internal.rules;

import io.osmia.wire.swarmkit.ConfigReference;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.SecretReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The form of references to secrets and configs; whether they exist is another question (rules 1.4.4 and 1.4.5). */
final class ReferenceRules {

    private ReferenceRules() {}

    /** What the rules look at, the same for both kinds. A target that is not a file has no file name. */
    private record Reference(String id, String name, boolean hasTarget, boolean toFile, String fileName) {

        static Reference of(SecretReference secret) {
            return new Reference(
                    secret.getSecretId(),
                    secret.getSecretName(),
                    secret.getTargetCase() != SecretReference.TargetCase.TARGET_NOT_SET,
                    secret.hasFile(),
                    secret.getFile().getName());
        }

        static Reference of(ConfigReference config) {
            return new Reference(
                    config.getConfigId(),
                    config.getConfigName(),
                    config.getTargetCase() != ConfigReference.TargetCase.TARGET_NOT_SET,
                    config.hasFile(),
                    config.getFile().getName());
        }
    }

    static Optional<Refusal> check(ContainerSpec container) {
        return Refusal.first(
                () -> all("secret", container.getSecretsList().stream().map(Reference::of).toList()),
                () -> all("config", container.getConfigsList().stream().map(Reference::of).toList()),
                () -> credentialSpec(container));
    }

    private static Optional<Refusal> all(String kind, List<Reference> references) {
        Map<String, String> ownerOfFile = new HashMap<>();
        for (Reference reference : references) {
            Optional<Refusal> refusal = Refusal.first(
                    () -> form(kind, reference), () -> conflict(kind, reference, ownerOfFile));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> form(String kind, Reference reference) {
        return Refusal.first(
                () -> Refusal.when(
                        reference.id.isEmpty() || reference.name.isEmpty(), "malformed " + kind + " reference"),
                () -> Refusal.when(
                        !reference.hasTarget, "malformed " + kind + " reference, no target provided"),
                () -> Refusal.when(
                        reference.toFile && reference.fileName.isEmpty(),
                        "malformed file " + kind + " reference, invalid target file name provided"));
    }

    private static Optional<Refusal> conflict(String kind, Reference reference, Map<String, String> ownerOfFile) {
        if (!reference.toFile) {
            return Optional.empty();
        }
        String former = ownerOfFile.putIfAbsent(reference.fileName, reference.name);
        return Refusal.when(
                former != null,
                kind + " references '" + former + "' and '" + reference.name + "' have a conflicting target: '"
                        + reference.fileName + "'");
    }

    private static Optional<Refusal> credentialSpec(ContainerSpec container) {
        String id = container.getPrivileges().getCredentialSpec().getConfig();
        boolean found = container.getConfigsList().stream()
                .anyMatch(config -> config.hasRuntime() && config.getConfigId().equals(id));
        return Refusal.when(
                !id.isEmpty() && !found,
                "CredentialSpec references config '" + id
                        + "', but that config isn't in config references with RuntimeTarget");
    }
}
