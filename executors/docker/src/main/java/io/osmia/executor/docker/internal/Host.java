package io.osmia.executor.docker.internal;

import java.time.Duration;

/**
 * What the controllers of one executor share.
 *
 * @param engine the engine
 * @param containers its containers
 * @param pulls its pulls
 * @param watch whether it is there
 * @param bells what happens to its containers
 * @param claims what is known of them
 */
record Host(Engine engine, Containers containers, Pulls pulls, Watch watch, Bells bells, Claims claims) {

    private static final Duration GLANCE = Duration.ofMillis(80);

    /** Looks at a container for those who may not wait; what is seen in time is known afterwards. */
    void glance(String container) {
        Thread look = Thread.ofVirtual().name("docker-glance").start(() -> {
            try {
                containers.inspect(container).ifPresent(seen -> claims.of(container).know(seen));
            } catch (EngineException e) {
                // Then what was known before is all that is known.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            if (!look.join(GLANCE)) {
                look.interrupt();
            }
        } catch (InterruptedException e) {
            look.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
