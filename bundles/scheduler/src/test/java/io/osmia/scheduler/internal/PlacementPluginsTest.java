package io.osmia.scheduler.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodePredicate;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.api.scheduling.TaskGroup;
import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;
import java.lang.reflect.Proxy;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

class PlacementPluginsTest {

    private final PlacementPlugins plugins = new PlacementPlugins();
    private long lastId;

    @Test
    void theHighestVersionIsUsedWhileSeveralAreThere() {
        ServiceReference<SchedulingStrategy> former = reference("1.9.0");
        ServiceReference<SchedulingStrategy> next = reference("1.10.0");
        plugins.addStrategy(strategy("spread"), former);
        plugins.addStrategy(strategy("spread"), next);
        assertThat(version()).isEqualTo("spread@1.10.0");
        plugins.removeStrategy(next);
        assertThat(version()).isEqualTo("spread@1.9.0");
        plugins.removeStrategy(former);
        assertThat(plugins.current().plugins().strategy("spread")).isEmpty();
    }

    @Test
    void ofEqualVersionsTheLaterOneIsUsed() {
        SchedulingStrategy later = strategy("spread");
        plugins.addStrategy(strategy("spread"), reference("1.0.0"));
        plugins.addStrategy(later, reference("1.0.0"));
        assertThat(plugins.current().plugins().strategy("spread").orElseThrow().plugin()).isSameAs(later);
    }

    @Test
    void whoListensHearsOfEachChange() throws Exception {
        AtomicInteger changes = new AtomicInteger();
        AutoCloseable listening = plugins.onChange(changes::incrementAndGet);
        ServiceReference<SchedulingStrategy> reference = reference("1.0.0");
        plugins.addStrategy(strategy("spread"), reference);
        plugins.removeStrategy(reference);
        assertThat(changes).hasValue(2);
        plugins.removeStrategy(reference);
        listening.close();
        plugins.addStrategy(strategy("spread"), reference);
        assertThat(changes).hasValue(2);
    }

    @Test
    void whoCannotSayItsNameIsNotUsed() {
        ServiceReference<SchedulingStrategy> reference = reference("1.0.0");
        plugins.addStrategy(
                new SchedulingStrategy() {
                    @Override
                    public String name() {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public Comparator<Candidate> order(TaskGroup group) {
                        throw new IllegalStateException("broken");
                    }
                },
                reference);
        assertThat(plugins.current().plugins().strategies()).isEmpty();
        plugins.removeStrategy(reference);
    }

    @Test
    void theRulesFollowTheEvaluators() {
        InstalledRules rules = new InstalledRules(plugins);
        Placement placement = Placement.newBuilder().addConstraints("colour==red").build();
        Node node = Node.newBuilder().setId("n1").build();
        assertThat(rules.check(Placement.getDefaultInstance(), node)).isEqualTo(Match.YES);
        assertThat(rules.check(placement, node)).isEqualTo(Match.UNKNOWN);
        assertThat(rules.matches(placement, node)).isFalse();

        ServiceReference<ConstraintEvaluator> reference = reference("1.0.0");
        plugins.addEvaluator(evaluator(true), reference);
        assertThat(rules.matches(placement, node)).isTrue();
        plugins.addEvaluator(evaluator(false), reference("1.0.1"));
        assertThat(rules.check(placement, node)).isEqualTo(Match.NO);
    }

    @Test
    void factsFollowTheNode() {
        InstalledRules rules = new InstalledRules(plugins);
        Node node = Node.newBuilder().setId("n1").build();
        assertThat(rules.facts(node)).isSameAs(rules.facts(node));
        Node.Builder changed = node.toBuilder();
        changed.getDescriptionBuilder().setHostname("h");
        assertThat(rules.facts(changed.build()).hostname()).isEqualTo("h");
    }

    private String version() {
        return plugins.current().plugins().strategy("spread").orElseThrow().label();
    }

    private static SchedulingStrategy strategy(String name) {
        return new SchedulingStrategy() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Comparator<Candidate> order(TaskGroup group) {
                return Scene.SPREAD;
            }
        };
    }

    private static ConstraintEvaluator evaluator(boolean answer) {
        return new ConstraintEvaluator() {
            @Override
            public Set<String> keys() {
                return Set.of("Colour");
            }

            @Override
            public NodePredicate compile(String key, Operator operator, String value) {
                return node -> answer;
            }
        };
    }

    /** A registration of a bundle of that version; only what is asked for works. */
    @SuppressWarnings("unchecked")
    private <T> ServiceReference<T> reference(String version) {
        Long id = ++lastId;
        Bundle bundle = (Bundle) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Bundle.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getVersion" -> new Version(version);
                    case "getSymbolicName" -> "test.plugin";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return (ServiceReference<T>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceReference.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getProperty" -> id;
                    case "getBundle" -> bundle;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
