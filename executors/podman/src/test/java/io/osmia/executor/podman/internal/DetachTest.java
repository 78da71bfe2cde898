package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replaced executor leaves nothing behind, not even its classes. */
class DetachTest {

    private static final String PACKAGE = "io.osmia.executor.podman.";

    /** Loads the executor itself, and everything else as a framework would, from others. */
    private static final class BundleLoader extends URLClassLoader {

        BundleLoader(URL classes) {
            super(new URL[] {classes}, DetachTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded
                        : name.startsWith(PACKAGE) ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    @Test
    void theClassesOfADetachedExecutorCanGo(@TempDir Path dir) throws Exception {
        WeakReference<ClassLoader> loader = useAndForget(dir.resolve("sock"));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            System.gc();
            return loader.get() == null;
        });
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().startsWith("podman"));
    }

    private static WeakReference<ClassLoader> useAndForget(Path socket) throws Exception {
        try (BundleLoader loader =
                new BundleLoader(PodmanExecutor.class.getProtectionDomain().getCodeSource().getLocation())) {
            Class<?> type = loader.loadClass(PodmanExecutor.class.getName());
            assertThat(type).isNotEqualTo(PodmanExecutor.class);
            Constructor<?> constructor = type.getDeclaredConstructor(Path.class, String.class, String.class);
            constructor.setAccessible(true);
            Object executor = constructor.newInstance(socket, "", "1.0.0");
            type.getMethod("describe").invoke(executor);
            type.getMethod("detach").invoke(executor);
            return new WeakReference<>(loader);
        }
    }
}
