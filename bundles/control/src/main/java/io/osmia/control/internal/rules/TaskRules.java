package io.osmia.control.internal.rules;

import com.google.protobuf.Any;
import io.osmia.wire.swarmkit.GenericRuntimeSpec;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.RestartPolicy;
import io.osmia.wire.swarmkit.TaskSpec;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/** What a task spec must satisfy by itself (rules 1.4.1 to 1.4.8). */
final class TaskRules {

    private static final long LEAST_NANO_CPUS = 1_000_000;
    private static final long LEAST_MEMORY = 4L << 20;
    private static final int SHORTEST_KIND = 3;

    private TaskRules() {}

    static Optional<Refusal> check(TaskSpec task) {
        return Refusal.first(
                () -> resources(task.getResources().getLimits()),
                () -> resources(task.getResources().getReservations()),
                () -> restart(task.getRestart()),
                () -> placement(task.getPlacement()),
                () -> ReferenceRules.check(task.getContainer()),
                () -> runtime(task));
    }

    /** Rule 1.4.1; named generic reservations pass, on purpose. */
    private static Optional<Refusal> resources(Resources resources) {
        long cpus = resources.getNanoCpus();
        long memory = resources.getMemoryBytes();
        return Refusal.first(
                () -> Refusal.when(
                        cpus != 0 && cpus < LEAST_NANO_CPUS,
                        "invalid cpu value " + cores(cpus) + ": Must be at least 0.001"),
                () -> Refusal.when(
                        memory != 0 && memory < LEAST_MEMORY,
                        "invalid memory value " + memory + ": Must be at least 4MiB"));
    }

    /** Cores in the shortest form that gives the number back: 0.0005, 4.2e-08, -1e+06. */
    static String cores(long nanoCpus) {
        BigDecimal number = BigDecimal.valueOf(nanoCpus, 9).stripTrailingZeros();
        int exponent = number.precision() - number.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return number.toPlainString();
        }
        BigDecimal mantissa = number.movePointLeft(exponent).stripTrailingZeros();
        return String.format(Locale.ROOT, "%se%+03d", mantissa.toPlainString(), exponent);
    }

    /** Rule 1.4.2. */
    private static Optional<Refusal> restart(RestartPolicy restart) {
        return Refusal.first(
                () -> Spans.notNegative(restart.getDelay(), "TaskSpec: restart-delay cannot be negative"),
                () -> Spans.notNegative(restart.getWindow(), "TaskSpec: restart-window cannot be negative"));
    }

    /** Rules 1.4.3 and 12.6. */
    private static Optional<Refusal> placement(Placement placement) {
        return placement.getConstraintsList().stream()
                .map(ConstraintRules::check)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Rule 1.4.6. */
    private static Optional<Refusal> runtime(TaskSpec task) {
        return switch (task.getRuntimeCase()) {
            case CONTAINER -> ContainerRules.check(task.getContainer());
            case GENERIC -> generic(task.getGeneric());
            case ATTACHMENT ->
                Optional.of(Refusal.unimplemented("RuntimeSpec: unimplemented runtime in service spec"));
            case RUNTIME_NOT_SET -> Optional.of(Refusal.invalid("TaskSpec: missing runtime"));
        };
    }

    /** Rule 1.4.8. */
    private static Optional<Refusal> generic(GenericRuntimeSpec generic) {
        String kind = generic.getKind();
        Any payload = generic.getPayload();
        return Refusal.first(
                () -> Refusal.when(
                        kind.length() < SHORTEST_KIND, "Generic runtime: Invalid name \"" + kind + "\""),
                () -> Refusal.when(isReserved(kind), "Generic runtime: \"" + kind + "\" is a reserved name"),
                () -> Refusal.when(!generic.hasPayload(), "Generic runtime is missing payload"),
                () -> Refusal.when(payload.getTypeUrl().isEmpty(), "Generic runtime is missing payload type"),
                () -> Refusal.when(payload.getValue().isEmpty(), "Generic runtime has an empty payload"));
    }

    private static boolean isReserved(String kind) {
        return kind.equalsIgnoreCase("container") || kind.equalsIgnoreCase("attachment");
    }
}
