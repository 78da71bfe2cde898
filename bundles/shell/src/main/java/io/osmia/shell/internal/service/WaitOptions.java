package io.osmia.shell.internal.service;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.GoDuration;
import io.osmia.wire.swarmkit.Service;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --wait}. */
final class WaitOptions {

    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(5);

    @Option(names = "--wait", description = "Wait until all tasks of the newest specification run.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "TIME", converter = Time.class, description = "How long --wait waits. Default: 5m.")
    private @Nullable Duration timeout;

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

    /** To be called before anything is changed. */
    void check() {
        if (timeout != null && !wait) {
            throw Failure.usage("--timeout says how long --wait waits; give --wait as well");
        }
    }

    /** Does nothing unless it was asked for. */
    void await(Session session, Service service) throws NotReachable {
        if (wait) {
            new Convergence(session, service.getId()).await(timeout == null ? USUAL_TIMEOUT : timeout);
        }
    }
}
