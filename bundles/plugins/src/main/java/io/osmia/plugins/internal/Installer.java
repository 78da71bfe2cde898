package io.osmia.plugins.internal;

import io.osmia.roles.ExecutorExchange;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts plugin bundles into the framework. A newcomer is installed and resolved beside the former one; only then the former
 * one goes. Strategies and evaluators are started before the former one stops, so there is no moment without; an executor
 * only after, because two must not hold the same workloads: the worker hands them over, and takes the former one back when
 * the newcomer does not find them.
 */
final class Installer {

    private static final Logger LOG = LoggerFactory.getLogger(Installer.class);

    /** How long an executor may take to come and find its workloads. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(5);

    private final BundleContext context;
    private final Bounded bounded;
    private final Supplier<Optional<ExecutorExchange>> worker;

    /** Those that never came back from a call. The framework holds a lock for each, so they are left alone. */
    private final Set<Bundle> stuck = ConcurrentHashMap.newKeySet();

    /**
     * @param bound how long a plugin may take to start or to stop
     * @param worker the worker of this node, while it has one
     */
    Installer(BundleContext context, Duration bound, Supplier<Optional<ExecutorExchange>> worker) {
        this.context = context;
        this.worker = worker;
        this.bounded = new Bounded(bound);
    }

    /** Plugin bundles that the framework holds, active or not. */
    List<Bundle> installed() {
        List<Bundle> plugins = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getLocation().startsWith(PluginJar.PREFIX) && !stuck.contains(bundle)) {
                plugins.add(bundle);
            }
        }
        return plugins;
    }

    /** Whether the framework is being stopped: then nothing can be started, which says nothing about the plugins. */
    boolean isEnding() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
    }

    boolean isActive(PluginJar jar) {
        @Nullable Bundle bundle = context.getBundle(jar.location());
        return bundle != null && bundle.getState() == Bundle.ACTIVE;
    }

    /** The id of the jar's bundle. */
    long bundle(PluginJar jar) {
        @Nullable Bundle bundle = context.getBundle(jar.location());
        return bundle == null ? PluginStatus.NO_BUNDLE : bundle.getBundleId();
    }

    /** Whether the framework's cache still holds the jar's bundle and it runs. */
    boolean resume(PluginJar jar) {
        @Nullable Bundle bundle = context.getBundle(jar.location());
        return bundle != null && (bundle.getState() == Bundle.ACTIVE || start(bundle).isEmpty());
    }

    /**
     * Makes the jar's bundle the only active one of its name.
     *
     * @return why it was refused; the former bundle then is as it was
     */
    Optional<String> install(PluginJar jar) {
        List<Bundle> former = sameName(jar);
        @Nullable Bundle present = context.getBundle(jar.location());
        if (present != null && present.getState() == Bundle.ACTIVE) {
            remove(former);
            return Optional.empty();
        }
        Bundle candidate;
        try {
            candidate = present != null
                    ? present
                    : context.installBundle(jar.location(), new ByteArrayInputStream(JarReader.again(jar)));
        } catch (JarReader.NotAPlugin e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (BundleException e) {
            return Optional.of("the framework does not take it: " + Bounded.oneLine(e));
        }
        Optional<String> refusal = resolve(candidate).or(() -> exchange(jar, former, candidate));
        if (refusal.isPresent()) {
            uninstall(candidate);
            return refusal;
        }
        remove(former);
        return Optional.empty();
    }

    private List<Bundle> sameName(PluginJar jar) {
        return installed().stream()
                .filter(b -> jar.symbolicName().equals(b.getSymbolicName()) && !b.getLocation().equals(jar.location()))
                .toList();
    }

    private Optional<String> resolve(Bundle candidate) {
        if (candidate.getState() != Bundle.INSTALLED) {
            return Optional.empty();
        }
        AtomicBoolean resolved = new AtomicBoolean();
        Optional<String> failure =
                perform("resolve", candidate, () -> resolved.set(wiring().resolveBundles(Set.of(candidate))));
        if (failure.isPresent() || resolved.get()) {
            return failure;
        }
        return start(candidate).map(why -> "it does not resolve: " + why); // fails, and says why
    }

    private Optional<String> exchange(PluginJar jar, List<Bundle> former, Bundle candidate) {
        if (!jar.kind().equals(PluginJar.EXECUTOR)) {
            return starting(candidate);
        }
        List<Bundle> running = former.stream().filter(b -> b.getState() == Bundle.ACTIVE).toList();
        Optional<ExecutorExchange> here = worker.get();
        if (here.isEmpty()) {
            // No task is in the hands of the former one.
            running.forEach(this::stop);
            Optional<String> refusal = starting(candidate);
            if (refusal.isPresent()) {
                running.forEach(this::startAgain);
            }
            return refusal;
        }
        Set<Long> leaving = running.stream().map(Bundle::getBundleId).collect(Collectors.toSet());
        try (ExecutorExchange.Exchange exchange =
                here.get().begin(jar.declared().executor(), leaving, candidate.getBundleId())) {
            return exchange(exchange, running, candidate);
        }
    }

    /** The former ones are out of use already: one that does not stop is left behind, and harms nobody. */
    private Optional<String> exchange(ExecutorExchange.Exchange exchange, List<Bundle> running, Bundle candidate) {
        running.forEach(this::stop);
        Optional<String> refusal =
                starting(candidate).or(() -> exchange.takenOver(candidate.getBundleId(), TAKE_OVER));
        if (refusal.isPresent()) {
            stop(candidate);
            for (Bundle back : running) {
                startAgain(back);
                exchange.takenOver(back.getBundleId(), TAKE_OVER)
                        .ifPresent(why -> LOG.error("plugin bundle {} was to come back: {}", back, why));
            }
        }
        return refusal;
    }

    private Optional<String> starting(Bundle candidate) {
        return start(candidate).map(why -> "it does not start: " + why);
    }

    /** Starts it now, and at every start of the framework once it has shown that it can. */
    private Optional<String> start(Bundle bundle) {
        return perform("start", bundle, () -> {
            bundle.start(Bundle.START_TRANSIENT);
            if (stuck.contains(bundle)) {
                bundle.stop(); // it was given up meanwhile
            } else if (bundle.getState() == Bundle.ACTIVE) {
                bundle.start();
            } else {
                throw new BundleException("it was told to start and did not"); // below the framework's start level
            }
        });
    }

    private Optional<String> perform(String what, Bundle bundle, Bounded.Action action) {
        if (stuck.contains(bundle)) {
            return Optional.of("it still has not done what it was told before");
        }
        Optional<Bounded.Failure> failure = bounded.run(what, action);
        if (failure.isPresent() && failure.get().abandoned()) {
            stuck.add(bundle);
        }
        return failure.map(Bounded.Failure::failure);
    }

    void remove(List<Bundle> bundles) {
        bundles.forEach(this::stop);
        bundles.forEach(this::uninstall);
        refresh(bundles);
    }

    /**
     * Lets the framework drop the old classes. It stops what uses them, without a bound, and holds up everything else
     * meanwhile: so nothing that would make it wait for one that is stuck.
     */
    private void refresh(List<Bundle> bundles) {
        List<Bundle> free = bundles.stream()
                .filter(bundle -> Collections.disjoint(wiring().getDependencyClosure(Set.of(bundle)), stuck))
                .toList();
        if (!free.isEmpty()) {
            wiring().refreshBundles(free);
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    private void stop(Bundle bundle) {
        perform("stop", bundle, bundle::stop)
                .ifPresent(why -> LOG.warn("plugin bundle {}: stop failed: {}", bundle, why));
    }

    private void startAgain(Bundle bundle) {
        start(bundle).ifPresent(why -> LOG.error("plugin bundle {}: cannot be started again: {}", bundle, why));
    }

    private void uninstall(Bundle bundle) {
        if (!stuck.contains(bundle)) {
            perform("uninstall", bundle, bundle::uninstall)
                    .ifPresent(why -> LOG.warn("plugin bundle {}: uninstall failed: {}", bundle, why));
        }
    }
}
