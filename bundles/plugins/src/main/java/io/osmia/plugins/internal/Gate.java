package io.osmia.plugins.internal;

import io.osmia.roles.ExecutorExchange;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.framework.Version;

/** Compares what a jar declares with this node, before anything is touched. */
final class Gate {

    private final Function<String, Optional<Version>> spi;
    private final Supplier<Optional<ExecutorExchange>> worker;
    private final Function<PluginJar, Optional<String>> signature;

    /**
     * @param spi the version of the SPI that this node has for a kind of plugin; empty when it has none
     * @param worker the worker of this node, while it has one
     * @param signature why a jar's signature does not do; empty when it does, or none is asked for
     */
    Gate(
            Function<String, Optional<Version>> spi,
            Supplier<Optional<ExecutorExchange>> worker,
            Function<PluginJar, Optional<String>> signature) {
        this.spi = spi;
        this.worker = worker;
        this.signature = signature;
    }

    /** Why the plugin does not fit; empty when it does. */
    Optional<String> objection(PluginJar jar) {
        // What came with the distribution is trusted as the distribution is.
        Optional<String> untrusted = jar.shipped() ? Optional.empty() : signature.apply(jar);
        return untrusted.or(() -> misfit(jar));
    }

    private Optional<String> misfit(PluginJar jar) {
        Declared declared = jar.declared();
        Optional<Version> ours = spi.apply(jar.kind());
        if (ours.isEmpty()) {
            return Optional.of("this node has no SPI for plugins of kind " + jar.kind());
        }
        if (!declared.spi().includes(ours.get())) {
            return Optional.of("it was written for version " + declared.spi() + " of the plugin SPI, and this node has "
                    + ours.get() + "; install a version of it that fits");
        }
        if (declared.executor().isEmpty()) {
            return Optional.empty();
        }
        return worker.get().flatMap(here -> here.objection(declared.executor(), declared.handleVersions()));
    }
}
