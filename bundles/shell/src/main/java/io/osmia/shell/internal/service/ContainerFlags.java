package io.osmia.shell.internal.service;

import com.google.protobuf.BoolValue;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.ContainerSpec;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a task runs. Words are taken as they are; commas do not divide them. */
final class ContainerFlags {

    @Option(names = "--image", paramLabel = "IMAGE", description = "What to run; osmia/host runs a program of the node.")
    private @Nullable String image;

    @Option(names = "--command", paramLabel = "WORD", description = "The program, one word each time. Repeatable.")
    private @Nullable List<String> command;

    @Option(names = "--args", paramLabel = "WORD", description = "Its arguments, one each time. Repeatable.")
    private @Nullable List<String> args;

    @Option(names = "--env", paramLabel = "KEY=VALUE", description = "Environment; replaces all. Repeatable.")
    private @Nullable List<String> env;

    @Option(names = "--hostname", paramLabel = "NAME", description = "Host name inside the container.")
    private @Nullable String hostname;

    @Option(names = "--dir", paramLabel = "PATH", description = "Working directory.")
    private @Nullable String dir;

    @Option(names = "--user", paramLabel = "USER", description = "User to run as.")
    private @Nullable String user;

    @Option(names = "--stop-signal", paramLabel = "SIGNAL", description = "Signal that asks it to end.")
    private @Nullable String stopSignal;

    @Option(names = "--stop-grace-period", paramLabel = "TIME", description = "From that signal to SIGKILL.")
    private @Nullable String stopGracePeriod;

    @Option(names = "--tty", arity = "0..1", fallbackValue = "true", description = "Give it a terminal.")
    private @Nullable Boolean tty;

    @Option(names = "--open-stdin", arity = "0..1", fallbackValue = "true", description = "Keep its input open.")
    private @Nullable Boolean openStdin;

    @Option(names = "--init", arity = "0..1", fallbackValue = "true", description = "Run an init process in it.")
    private @Nullable Boolean init;

    @Option(names = "--oom-score-adj", paramLabel = "N", description = "How readily the kernel kills it for memory.")
    private @Nullable String oomScoreAdj;

    @Option(names = "--ulimit", paramLabel = "NAME=SOFT[:HARD]", description = "Process limit; replaces all. Repeatable.")
    private @Nullable List<String> ulimits;

    boolean namesImage() {
        return image != null && !image.isEmpty();
    }

    void mergeInto(ServiceSpec.Builder service) {
        if (!isGiven()) {
            return;
        }
        ContainerSpec.Builder spec = service.getTaskBuilder().getContainerBuilder();
        mergeProgram(spec);
        mergeSurroundings(spec);
        mergeRest(spec);
    }

    private boolean isGiven() {
        Object[] flags = {
            image, command, args, env, hostname, dir, user, stopSignal, stopGracePeriod, tty, openStdin, init,
            oomScoreAdj, ulimits
        };
        for (Object flag : flags) {
            if (flag != null) {
                return true;
            }
        }
        return false;
    }

    private void mergeProgram(ContainerSpec.Builder spec) {
        if (image != null) {
            spec.setImage(image);
        }
        if (command != null) {
            spec.clearCommand().addAllCommand(command);
        }
        if (args != null) {
            spec.clearArgs().addAllArgs(args);
        }
        if (env != null) {
            spec.clearEnv().addAllEnv(env);
        }
    }

    private void mergeSurroundings(ContainerSpec.Builder spec) {
        if (hostname != null) {
            spec.setHostname(hostname);
        }
        if (dir != null) {
            spec.setDir(dir);
        }
        if (user != null) {
            spec.setUser(user);
        }
        if (stopSignal != null) {
            spec.setStopSignal(stopSignal);
        }
        if (stopGracePeriod != null) {
            spec.setStopGracePeriod(GoDuration.parse(stopGracePeriod));
        }
    }

    private void mergeRest(ContainerSpec.Builder spec) {
        if (tty != null) {
            spec.setTty(tty);
        }
        if (openStdin != null) {
            spec.setOpenStdin(openStdin);
        }
        if (init != null) {
            spec.setInit(BoolValue.of(init));
        }
        if (oomScoreAdj != null) {
            spec.setOomScoreAdj(Numbers.whole("--oom-score-adj", oomScoreAdj));
        }
        if (ulimits != null) {
            spec.clearUlimits();
            ulimits.forEach(ulimit -> spec.addUlimits(ulimit(ulimit)));
        }
    }

    private static ContainerSpec.Ulimit ulimit(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("malformed ulimit '" + text + "', write it as nofile=1024:2048");
        }
        String limits = text.substring(equals + 1);
        int colon = limits.indexOf(':');
        long soft = Numbers.whole("--ulimit", colon < 0 ? limits : limits.substring(0, colon));
        long hard = colon < 0 ? soft : Numbers.whole("--ulimit", limits.substring(colon + 1));
        return ContainerSpec.Ulimit.newBuilder()
                .setName(text.substring(0, equals))
                .setSoft(soft)
                .setHard(hard)
                .build();
    }
}
