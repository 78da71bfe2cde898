package io.osmia.plugins.internal;

import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;

/** The plugin SPI as this node has it: the versions of its packages. */
final class Spi {

    private final BundleContext context;

    Spi(BundleContext context) {
        this.context = context;
    }

    /** The version for a kind of plugin; empty when no bundle of the node itself offers that package. */
    Optional<Version> version(String kind) {
        String name = kind.equals(PluginJar.EXECUTOR) ? "io.osmia.api.executor" : "io.osmia.api.scheduling";
        return Stream.of(context.getBundles())
                .filter(bundle -> !bundle.getLocation().startsWith(PluginJar.PREFIX)) // it may bring packages of its own
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(wiring -> wiring != null && wiring.getBundle().getState() != Bundle.UNINSTALLED)
                .flatMap(wiring -> wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream())
                .filter(exported -> name.equals(exported.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)))
                .map(Spi::version)
                .max(Version::compareTo);
    }

    private static Version version(BundleCapability exported) {
        return exported.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) instanceof Version version
                ? version
                : Version.emptyVersion;
    }
}
