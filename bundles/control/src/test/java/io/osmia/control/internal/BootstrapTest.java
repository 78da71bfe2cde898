package io.osmia.control.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.NodeSettings;
import io.osmia.store.Table;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class BootstrapTest {

    private static final int BOUND_SECONDS = 20;

    private final TestCluster cluster = new TestCluster();
    private final Semaphore registered = new Semaphore(0);
    private final Semaphore unregistered = new Semaphore(0);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void theClusterIsAnnouncedOnceItIsFounded() throws InterruptedException {
        Bootstrap bootstrap = bootstrap("key");
        assertThat(registered.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(cluster.store.view().get(Table.CLUSTERS, TestCluster.ID)).isNotNull();
        assertThat(unregistered.availablePermits()).isZero();
        bootstrap.end();
        assertThat(unregistered.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLeadershipThatEndsMeanwhileLeavesNoAnnouncement() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread writer = Thread.ofVirtual().start(() -> cluster.store.update(TestCluster.TERM, tx -> {
            writing.countDown();
            return await(over);
        }));
        assertThat(writing.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        bootstrap("key").end();
        over.countDown();
        assertThat(writer.join(Duration.ofSeconds(BOUND_SECONDS))).isTrue();
        assertThat(registered.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(unregistered.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClusterThatTheStoreRefusesNowIsFoundedLater() throws InterruptedException {
        cluster.store.requireTerm(TestCluster.TERM + 1);
        Bootstrap bootstrap = bootstrap("key");
        assertThat(registered.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        cluster.store.requireTerm(TestCluster.TERM);
        assertThat(registered.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(cluster.store.view().get(Table.CLUSTERS, TestCluster.ID)).isNotNull();
        bootstrap.end();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Bootstrap bootstrap(String key) {
        return new Bootstrap(
                context(),
                () -> TestCluster.TERM,
                new TestCluster.Manager(),
                new Settings(),
                new TestRoot(key),
                cluster.store);
    }

    /** Knows how to register one service, and nothing else. */
    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(), new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("registerService");
                    registered.release();
                    return registration();
                });
    }

    private ServiceRegistration<?> registration() {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                ServiceRegistration.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("unregister");
                    unregistered.release();
                    return null;
                });
    }

    private static final class Settings implements NodeSettings {
        @Override
        public Path stateDir() {
            return Path.of("unused");
        }

        @Override
        public String hostname() {
            return "host";
        }

        @Override
        public String listenRemoteApi() {
            return "127.0.0.1:0";
        }

        @Override
        public String advertiseRemoteApi() {
            return "";
        }

        @Override
        public Path listenControlApi() {
            return Path.of("unused");
        }

        @Override
        public String availability() {
            return "active";
        }
    }
}
