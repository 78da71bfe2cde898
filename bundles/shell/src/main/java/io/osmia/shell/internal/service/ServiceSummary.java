package io.osmia.shell.internal.service;

import io.osmia.shell.internal.text.Age;
import io.osmia.shell.internal.text.Amount;
import io.osmia.shell.internal.text.GenericResources;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.Driver;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.PortConfig;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.UpdateStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code service inspect} says above the tasks (rule 10.3.9). */
final class ServiceSummary {

    private final Summary summary = new Summary();

    private ServiceSummary() {}

    static Summary of(Service service, String replicas, Instant now) {
        ServiceSummary text = new ServiceSummary();
        text.summary
                .line("ID", service.getId())
                .line("Name", service.getSpec().getAnnotations().getName())
                .pairs("Labels", service.getSpec().getAnnotations().getLabelsMap())
                .line("Replicas", replicas);
        if (service.hasUpdateStatus()) {
            text.update(service.getUpdateStatus(), now);
        }
        text.summary.section("Template", () -> text.template(service.getSpec().getTask()));
        text.ports(service);
        return text.summary;
    }

    private void update(UpdateStatus status, Instant now) {
        summary.section("Update Status", () -> {
            summary.line("State", status.getState().name());
            if (status.hasStartedAt()) {
                summary.line("Started", Age.of(status.getStartedAt(), now));
            }
            if (status.getState() == UpdateStatus.UpdateState.COMPLETED && status.hasCompletedAt()) {
                summary.line("Completed", Age.of(status.getCompletedAt(), now));
            }
            summary.optional("Message", status.getMessage());
        });
    }

    private void template(TaskSpec task) {
        if (task.hasGeneric()) {
            summary.line("Kind", task.getGeneric().getKind());
        }
        summary.section("Container", () -> container(task.getContainer()));
        summary.optional("Constraints", String.join(", ", task.getPlacement().getConstraintsList()));
        summary.section("Resources", () -> {
            summary.section("Reservations", () -> resources(task.getResources().getReservations()));
            summary.section("Limits", () -> resources(task.getResources().getLimits()));
        });
        summary.optional(
                "Networks",
                task.getNetworksList().stream().map(network -> network.getTarget()).collect(Collectors.joining(", ")));
        if (task.hasLogDriver()) {
            Driver driver = task.getLogDriver();
            summary.line("LogDriver", driver.getName()).pairs("Options", driver.getOptionsMap());
        }
    }

    private void container(ContainerSpec container) {
        summary.optional("Image", container.getImage());
        summary.optional("Command", quoted(container.getCommandList()));
        summary.optional("Args", quoted(container.getArgsList()));
        summary.optional("Env", String.join(", ", container.getEnvList()));
        summary.section("Mounts", () -> container.getMountsList().forEach(this::mount));
        summary.section("Secrets", () -> container.getSecretsList()
                .forEach(secret -> summary.line(
                        "[FILE]",
                        secret.getSecretName() + "@" + secret.getSecretId() + ":"
                                + secret.getFile().getName())));
        summary.section("Configs", () -> container.getConfigsList()
                .forEach(config -> summary.line(
                        "[FILE]",
                        config.getConfigName() + "@" + config.getConfigId() + ":"
                                + config.getFile().getName())));
    }

    /** Words with quotes where their ends could not be seen otherwise. */
    private static String quoted(Iterable<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            boolean plain = !word.isEmpty() && word.chars().allMatch(c -> c > ' ' && c != '\'' && c != '"');
            line.append(line.isEmpty() ? "" : " ")
                    .append(plain ? word : "'" + word.replace("'", "'\\''").replace("\n", "\\n") + "'");
        }
        return line.toString();
    }

    private void mount(Mount mount) {
        summary.line(
                mount.getTarget(),
                mount.getType().name().toLowerCase(Locale.ROOT)
                        + (mount.getSource().isEmpty() ? "" : " " + mount.getSource())
                        + (mount.getReadonly() ? " readonly" : ""));
    }

    private void resources(Resources resources) {
        if (resources.getNanoCpus() != 0) {
            summary.line("CPU", Amount.cores(resources.getNanoCpus()));
        }
        if (resources.getMemoryBytes() != 0) {
            summary.line("Memory", Amount.size(resources.getMemoryBytes()));
        }
        summary.optional(
                "Generic Resources",
                GenericResources.text(resources));
    }

    private void ports(Service service) {
        summary.section("Ports", () -> {
            for (PortConfig port : service.getEndpoint().getPortsList()) {
                summary.section(port.getName().isEmpty() ? "port" : port.getName(), () -> summary.line(
                        "Protocol", port.getProtocol().name())
                        .line("Port", Integer.toString(port.getTargetPort()))
                        .line("SwarmPort", Integer.toString(port.getPublishedPort())));
            }
        });
    }
}
