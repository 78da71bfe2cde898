package io.osmia.scheduler.internal;

import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodeFilter;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Installed;
import io.osmia.scheduler.internal.plugin.PluginSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the strategies, evaluators and filters that are installed. They may come and go at any moment, several versions of
 * one of them may be there at once; {@link #current} is always whole.
 */
@Component(service = PlacementPlugins.class)
public final class PlacementPlugins {

    private static final Logger LOG = LoggerFactory.getLogger(PlacementPlugins.class);

    private final Object lock = new Object();
    // guarded by lock
    private final Map<Long, Registration> registrations = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile ConstraintCompiler current = new ConstraintCompiler(PluginSet.EMPTY);

    /**
     * One plugin that is here.
     *
     * @param label name and version, for people
     * @param part how it takes part in the whole
     */
    private record Registration(String label, Consumer<PluginSet.Builder> part) {}

    @Activate
    public PlacementPlugins() {}

    /** The plugins that are there now, and the constraints compiled with them. */
    ConstraintCompiler current() {
        return current;
    }

    /** Calls the listener after each change, on a thread of the framework. */
    AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addStrategy(SchedulingStrategy strategy, ServiceReference<SchedulingStrategy> reference) {
        @Nullable Installed<SchedulingStrategy> installed = installed(strategy, reference, SchedulingStrategy::name);
        if (installed != null) {
            add("strategy", installed, builder -> builder.strategy(installed));
        }
    }

    void removeStrategy(ServiceReference<SchedulingStrategy> reference) {
        remove("strategy", reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addEvaluator(ConstraintEvaluator evaluator, ServiceReference<ConstraintEvaluator> reference) {
        @Nullable Set<String> keys = keys(evaluator, reference);
        @Nullable Installed<ConstraintEvaluator> installed =
                keys == null ? null : installed(evaluator, reference, any -> bundleName(reference));
        if (keys != null && installed != null) {
            add("constraints", installed, builder -> keys.forEach(key -> builder.evaluator(key, installed)));
        }
    }

    void removeEvaluator(ServiceReference<ConstraintEvaluator> reference) {
        remove("constraints", reference);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addFilter(NodeFilter filter, ServiceReference<NodeFilter> reference) {
        @Nullable Installed<NodeFilter> installed = installed(filter, reference, NodeFilter::name);
        if (installed != null) {
            add("filter", installed, builder -> builder.filter(installed));
        }
    }

    void removeFilter(ServiceReference<NodeFilter> reference) {
        remove("filter", reference);
    }

    private void add(String kind, Installed<?> plugin, Consumer<PluginSet.Builder> part) {
        synchronized (lock) {
            registrations.put(plugin.serviceId(), new Registration(plugin.label(), part));
            rebuild();
        }
        LOG.info("{} {} is here", kind, plugin.label());
        listeners.forEach(Runnable::run);
    }

    private void remove(String kind, ServiceReference<?> reference) {
        @Nullable Registration gone;
        synchronized (lock) {
            gone = registrations.remove(serviceId(reference));
            rebuild();
        }
        if (gone == null) {
            return;
        }
        LOG.info("{} {} is gone", kind, gone.label());
        listeners.forEach(Runnable::run);
    }

    /** Calls no plugin: names and keys were asked for when the plugin came. */
    private void rebuild() {
        PluginSet.Builder builder = new PluginSet.Builder();
        registrations.values().forEach(registration -> registration.part().accept(builder));
        current = new ConstraintCompiler(builder.build());
    }

    private static <T> @Nullable Installed<T> installed(
            T plugin, ServiceReference<T> reference, Function<T, String> name) {
        try {
            return new Installed<>(plugin, name.apply(plugin), version(reference), serviceId(reference));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} does not say its name and is not used", bundleName(reference), e);
            return null;
        }
    }

    private static @Nullable Set<String> keys(
            ConstraintEvaluator evaluator, ServiceReference<ConstraintEvaluator> reference) {
        try {
            return evaluator.keys().stream()
                    .map(key -> key.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} does not say its keys and is not used", bundleName(reference), e);
            return null;
        }
    }

    private static long serviceId(ServiceReference<?> reference) {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }

    /** A bundle that is just being uninstalled has left its registration already. */
    private static Version version(ServiceReference<?> reference) {
        @Nullable Bundle bundle = reference.getBundle();
        return bundle == null ? Version.emptyVersion : bundle.getVersion();
    }

    private static String bundleName(ServiceReference<?> reference) {
        @Nullable Bundle bundle = reference.getBundle();
        return bundle == null ? "a bundle that is gone" : String.valueOf(bundle.getSymbolicName());
    }
}
