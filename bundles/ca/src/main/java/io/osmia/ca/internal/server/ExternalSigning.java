package io.osmia.ca.internal.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has external CAs sign, several requests at a time, each on a thread that may wait. */
final class ExternalSigning implements Signing.Outside, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalSigning.class);
    private static final int AT_ONCE = 16;

    private final String clusterId;
    private final Cfssl cfssl;
    private final Consumer<Runnable> loop;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final ExecutorService waiting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("external-ca-", 0).factory());

    /**
     * @param cfssl closed with this
     * @param loop runs what follows on the thread of the loop that asked
     */
    ExternalSigning(String clusterId, Cfssl cfssl, Consumer<Runnable> loop) {
        this.clusterId = clusterId;
        this.cfssl = cfssl;
        this.loop = loop;
    }

    @Override
    public void sign(Authority authority, SigningOrder order, Consumer<Outcome> outcome) {
        waiting.execute(() -> {
            Outcome came = ask(authority, order);
            loop.accept(() -> outcome.accept(came));
        });
    }

    private Outcome ask(Authority authority, SigningOrder order) {
        try {
            slots.acquire();
            try {
                return authority.signExternally(order, clusterId, cfssl);
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Later("this manager no longer leads");
        } catch (RuntimeException e) {
            // Else the node would wait for an outcome that never comes.
            LOG.error("node {}: asking an external CA failed", order.nodeId(), e);
            return new Outcome.Later("asking an external CA failed: " + e);
        }
    }

    @Override
    public void close() {
        waiting.shutdownNow();
        cfssl.close();
    }
}
