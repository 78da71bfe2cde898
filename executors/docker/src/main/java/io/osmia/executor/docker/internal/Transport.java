package io.osmia.executor.docker.internal;

import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Connections to the engine, and what is said when there are none. */
final class Transport {

    private Transport() {}

    /** A client; connects when it is used. */
    static DockerHttpClient connect(Settings settings) {
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(settings.host())
                .connectionTimeout(settings.call());
        settings.certificates().ifPresent(folder -> builder.sslConfig(new LocalDirectorySSLConfig(folder.toString())));
        return builder.build();
    }

    /** What a user has to know about a connection that could not be made or broke. */
    static EngineException unreachable(Settings settings, Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return EngineException.unreachable("engine at " + settings.host() + ": " + reason(settings, cause), thrown);
    }

    private static String reason(Settings settings, Throwable cause) {
        String text = cause.getMessage() == null ? "" : cause.getMessage();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied") || lower.contains("not permitted")) {
            return "this node's user may not use the socket; add it to the group of the socket (docker)";
        }
        if (settings.unix() && Files.notExists(Path.of(settings.host().getPath()))) {
            return "there is no such socket; start the engine, or set host in io.osmia.executor.docker.cfg";
        }
        if (lower.contains("connection refused")) {
            return "nobody listens there; start the engine";
        }
        @Nullable String plain = cause instanceof ClosedChannelException ? "the connection was closed" : null;
        return plain != null ? plain : text.isEmpty() ? cause.getClass().getSimpleName() : text;
    }
}
