package io.osmia.executor.docker.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An executor that was exchanged leaves nothing behind that holds its classes. */
class CollectableTest {

    private static final String PACKAGE = "io.osmia.executor.docker.internal.";

    @TempDir
    private Path folder;

    /** Has classes of its own of this executor, and shares its libraries, as a bundle does. */
    private static final class BundleLike extends URLClassLoader {

        BundleLike(URL classes, ClassLoader parent) {
            super(new URL[] {classes}, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (name.startsWith(PACKAGE) && findLoadedClass(name) == null) {
                    return findClass(name);
                }
                return super.loadClass(name, resolve);
            }
        }
    }

    @Test
    void itsClassLoaderIsCollected() throws Exception {
        try (ScriptedEngine engine = new ScriptedEngine(folder.resolve("s"))) {
            WeakReference<ClassLoader> loader = usedAndDetached(engine);
            Awaitility.await("the class loader is collected").atMost(Duration.ofSeconds(60)).until(() -> {
                System.gc();
                return loader.get() == null;
            });
            assertThat(engine.requests).anyMatch(request -> request.contains("/containers/json"));
            Awaitility.await("all sockets are closed").atMost(Duration.ofSeconds(60))
                    .until(() -> engine.connections() == 0);
        }
    }

    private static WeakReference<ClassLoader> usedAndDetached(ScriptedEngine engine) throws Exception {
        engine.answer("GET /v1.41/containers/json", "[]");
        URL classes = DockerExecutor.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new BundleLike(classes, DockerExecutor.class.getClassLoader())) {
            Class<?> settings = loader.loadClass(PACKAGE + "Settings");
            Class<?> type = loader.loadClass(PACKAGE + "DockerExecutor");
            assertThat(type).isNotSameAs(DockerExecutor.class);
            Method of = settings.getDeclaredMethod("of", URI.class);
            of.setAccessible(true);
            Constructor<?> constructor = type.getDeclaredConstructor(settings, String.class);
            constructor.setAccessible(true);
            Object executor = constructor.newInstance(of.invoke(null, engine.host()), "1");
            type.getMethod("list", String.class).invoke(executor, "n1");
            type.getMethod("detach").invoke(executor);
            return new WeakReference<>(loader);
        }
    }
}
