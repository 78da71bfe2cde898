package io.osmia.plugins.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

class SpiTest {

    private static final String PACKAGE = "io.osmia.api.executor;version=\"%s\"";

    @TempDir
    Path dir;

    @Test
    void aPluginsOwnCopyOfTheSpiDoesNotCount() throws Exception {
        Framework felix = ServiceLoader.load(FrameworkFactory.class)
                .iterator()
                .next()
                .newFramework(new HashMap<>(Map.of(
                        Constants.FRAMEWORK_STORAGE, dir.toString(), "felix.log.level", "0",
                        Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE)));
        felix.start();
        try {
            install(felix.getBundleContext(), "file:api.jar", "1.2.0");
            install(felix.getBundleContext(), PluginJar.PREFIX + "vendor:x", "2.0.0");
            Spi spi = new Spi(felix.getBundleContext());
            assertThat(spi.version(PluginJar.EXECUTOR)).contains(Version.valueOf("1.2.0"));
            assertThat(spi.version("strategy")).isEmpty();
        } finally {
            felix.stop();
            felix.waitForStop(PluginInstallerTest.AMPLE.toMillis());
        }
    }

    private static void install(BundleContext context, String location, String version) throws Exception {
        byte[] jar = PluginInstallerTest.jar(version, Map.of(
                Constants.BUNDLE_SYMBOLICNAME, location.replaceAll("[^a-z]", "."),
                Constants.EXPORT_PACKAGE, PACKAGE.formatted(version)));
        context.installBundle(location, new ByteArrayInputStream(jar)).start();
    }
}
