package io.osmia.executor.docker.internal;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the engine is reached and how long is waited for it.
 *
 * @param enabled whether this node runs containers at all
 * @param host {@code unix:///path} or {@code tcp://host:port}
 * @param certificates folder with ca.pem, cert.pem and key.pem, for TLS
 * @param call bound of a call that the engine answers from memory
 * @param work bound of a call that makes, starts or removes a container
 * @param pullSilence time without progress after which a pull is given up
 * @param pull when images are pulled
 * @param parallel how many containers are made or started at once
 */
record Settings(
        boolean enabled,
        URI host,
        Optional<Path> certificates,
        Duration call,
        Duration work,
        Duration pullSilence,
        PullPolicy pull,
        int parallel) {

    /** When images are pulled. */
    enum PullPolicy {
        /** Before a container is made, unless the reference has a digest and the image is there. */
        ALWAYS,
        /** When the image is not there. */
        MISSING,
        /** Never. */
        NEVER
    }

    /** Those of a node that says nothing else. */
    static Settings of(URI host) {
        return new Settings(
                true,
                host,
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(120),
                Duration.ofSeconds(300),
                PullPolicy.ALWAYS,
                16);
    }

    Settings with(PullPolicy other) {
        return new Settings(enabled, host, certificates, call, work, pullSilence, other, parallel);
    }

    Settings bounded(Duration calls, Duration works) {
        return new Settings(enabled, host, certificates, calls, works, pullSilence, pull, parallel);
    }

    boolean unix() {
        return "unix".equals(host.getScheme());
    }
}
