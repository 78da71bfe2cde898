package io.osmia.itests.framework;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorDescription;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.itests.cluster.PluginJars;
import io.osmia.itests.framework.PaxExam5.InFelix;
import io.osmia.scheduler.PlacementRules;
import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeDescription;
import io.osmia.wire.swarmkit.Placement;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Plugins appear, go and are replaced while those who use them run. Everything here happens inside the framework. */
@InFelix({
    "org.osgi.util.function.jar", "org.osgi.util.promise.jar", "org.osgi.service.component.jar",
    "org.apache.felix.configadmin.jar", "org.apache.felix.scr.jar", "osmia-lib-slf4j.jar", "osmia-lib-grpc.jar",
    "osmia-api.jar", "osmia-wire.jar", "osmia-roles.jar", "osmia-store.jar", "osmia-scheduler.jar", "osmia-agent.jar"})
public class PluginServicesIT {

    private static final String REGISTRY = "io.osmia.agent.internal.task.Executors";
    private static final String PROCESS = "io.osmia.executor.process";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(10);

    @Test
    public void constraintsAreJudgedWhileTheirEvaluatorIsThere() throws Exception {
        PlacementRules rules = service(PlacementRules.class);
        Placement here = Placement.newBuilder().addConstraints("node.hostname==here").build();
        Placement there = Placement.newBuilder().addConstraints("node.hostname==there").build();
        Node node = Node.newBuilder()
                .setId("n")
                .setDescription(NodeDescription.newBuilder().setHostname("here"))
                .build();
        AtomicInteger changes = new AtomicInteger();
        assertThat(rules.check(here, node)).as("before there is one").isEqualTo(Match.UNKNOWN);
        try (AutoCloseable listening = rules.onChange(changes::incrementAndGet)) {
            assertThat(listening).isNotNull();
            Bundle evaluator = install("osmia-constraint-node.jar", "1.0.1");
            evaluator.start();
            assertThat(rules.check(here, node)).isEqualTo(Match.YES);
            assertThat(rules.check(there, node)).isEqualTo(Match.NO);
            assertThat(changes).hasValue(1);

            replace(evaluator, "osmia-constraint-node.jar", "1.0.2");
            assertThat(rules.check(there, node)).isEqualTo(Match.NO);
            assertThat(offered(ConstraintEvaluator.class).getBundle().getVersion()).isEqualTo(new Version("1.0.2"));
            assertThat(changes).as("it went and came").hasValue(3);

            evaluator.uninstall();
            assertThat(rules.check(here, node)).isEqualTo(Match.UNKNOWN);
            assertThat(changes).hasValue(4);
        }
    }

    @Test
    public void severalVersionsOfAStrategyMayBeThereAtOnce() throws Exception {
        service(PlacementRules.class);
        Bundle first = install("osmia-strategy-spread.jar", "1.0.1");
        first.start();
        ServiceReference<SchedulingStrategy> former = offered(SchedulingStrategy.class);
        assertThat(users(former)).contains("io.osmia.scheduler");
        Bundle second = install("osmia-strategy-spread.jar", "1.0.2");
        second.start();
        assertThat(context().getServiceReferences(SchedulingStrategy.class, null))
                .hasSize(2)
                .allSatisfy(reference -> assertThat(users(reference)).contains("io.osmia.scheduler"));
        first.uninstall();
        assertThat(former.getBundle()).isNull();
        assertThat(offered(SchedulingStrategy.class).getBundle()).isEqualTo(second);
    }

    @Test
    public void anExecutorThatLeavesIsToldToLetGo() throws Exception {
        assertThat(registry()).isNotNull();
        Recorder executor = new Recorder();
        ServiceRegistration<Executor> registration = context().registerService(Executor.class, executor, null);
        assertThat(users(registration.getReference())).contains("io.osmia.agent");
        assertThat(executor.described).hasPositiveValue();
        assertThat(executor.detached).hasValue(0);
        registration.unregister();
        assertThat(executor.detached).hasValue(1);
        int calls = executor.described.get();
        assertThat(offers()).isEmpty();
        assertThat(executor.described).as("it is not asked any more").hasValue(calls);
    }

    @Test
    public void theProcessExecutorComesWithItsConfigurationAndIsReplaced() throws Exception {
        assertThat(registry()).isNotNull();
        Bundle process = install("osmia-executor-process.jar", "1.0.1");
        process.start();
        assertThat(context().getServiceReferences(Executor.class, null)).as("without configuration").isEmpty();

        Configuration configuration = service(ConfigurationAdmin.class).getConfiguration(PROCESS, "?");
        configuration.update(new Hashtable<>(Map.of("enabled", "true")));
        eventually(() -> context().getServiceReferences(Executor.class, null).size() == 1);
        ServiceReference<Executor> former = offered(Executor.class);
        eventually(() -> offers().size() == 1);
        assertThat(users(former)).contains("io.osmia.agent");
        assertThat(offers()).singleElement().asString().contains("kind=process", "version=1.0.1", "available=true");

        replace(process, "osmia-executor-process.jar", "1.0.2");
        assertThat(former.getBundle()).as("the former service").isNull();
        eventually(() -> offers().size() == 1);
        assertThat(offers()).singleElement().asString().contains("version=1.0.2");

        configuration.delete();
        eventually(() -> offers().isEmpty());
    }

    private static BundleContext context() {
        return FrameworkUtil.getBundle(PluginServicesIT.class).getBundleContext();
    }

    private static <T> T service(Class<T> type) {
        return context().getService(offered(type));
    }

    private static <T> ServiceReference<T> offered(Class<T> type) {
        ServiceReference<T> reference = context().getServiceReference(type);
        assertThat(reference).as("a service %s", type.getName()).isNotNull();
        return reference;
    }

    /** The agent's own: nobody else sees its class. */
    private static Object registry() throws Exception {
        ServiceReference<?>[] references = context().getAllServiceReferences(REGISTRY, null);
        assertThat(references).hasSize(1);
        return context().getService(references[0]);
    }

    private static List<?> offers() throws Exception {
        Object registry = registry();
        return (List<?>) registry.getClass().getMethod("offers").invoke(registry);
    }

    private static List<String> users(ServiceReference<?> reference) {
        Bundle[] users = reference.getUsingBundles();
        return users == null ? List.of() : Arrays.stream(users).map(Bundle::getSymbolicName).toList();
    }

    private static Bundle install(String jar, String version) throws Exception {
        return context().installBundle(jar + version, content(jar, version));
    }

    private static void replace(Bundle bundle, String jar, String version) throws Exception {
        bundle.update(content(jar, version));
    }

    private static ByteArrayInputStream content(String jar, String version) throws Exception {
        return new ByteArrayInputStream(PluginJars.withVersion(PluginJars.shipped(jar), version));
    }

    /** A condition that holds soon: Config Admin tells its components on a thread of its own. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void eventually(Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("%s are over", PATIENCE).isLessThan(deadline);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Counts what it is told. */
    private static final class Recorder implements Executor {

        private final AtomicInteger described = new AtomicInteger();
        private final AtomicInteger detached = new AtomicInteger();

        @Override
        public ExecutorDescription describe() {
            described.incrementAndGet();
            return new ExecutorDescription(
                    "recorder", "1.0.0", true, "", Set.of(), Set.of("recorder"), Set.of(), Set.of(1), Map.of(), "",
                    List.of());
        }

        @Override
        public TaskHandle handle(ExecutorTask task, String specDigest) {
            throw new UnsupportedOperationException("no task was asked for");
        }

        @Override
        public TaskController controller(ExecutorTask task, TaskHandle handle) {
            throw new UnsupportedOperationException("no task was asked for");
        }

        @Override
        public Recovery recover(TaskHandle handle) {
            return new Recovery.Gone();
        }

        @Override
        public List<TaskHandle> list(String nodeId) {
            return List.of();
        }

        @Override
        public void detach() {
            detached.incrementAndGet();
        }
    }
}
