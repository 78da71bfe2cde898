package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.Service;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --wait}. */
final class WaitOptions {

    @Option(names = "--wait", description = "Wait until all tasks of the newest specification run.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "5m", converter = Time.class, description = "How long --wait waits: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    /** Reads {@code 5m}; a bad value is wrong usage before anything is done. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                com.google.protobuf.Duration time = GoDuration.parse(text);
                return Duration.ofSeconds(time.getSeconds(), time.getNanos());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Does nothing unless it was asked for. */
    void await(Session session, Service service) throws NotReachable {
        if (wait) {
            new Convergence(session, service.getId()).await(timeout);
        }
    }
}
