package io.osmia.scheduler.internal;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodePredicate;
import io.osmia.scheduler.PlacementRules.Match;
import io.osmia.scheduler.internal.cluster.Facts;
import io.osmia.scheduler.internal.plugin.ConstraintCompiler;
import io.osmia.scheduler.internal.plugin.Constraints;
import io.osmia.scheduler.internal.plugin.Installed;
import io.osmia.scheduler.internal.plugin.PluginSet;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.NodeRole;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class ConstraintsTest {

    private final Scene scene = new Scene();
    private final ConstraintCompiler compiler = new ConstraintCompiler(scene.builtIn().build());

    @Test
    @DisplayName("CON-001, CON-002: without a readable constraint every node will do")
    void nothingToCheck() {
        assertThat(compiler.compile(List.of())).isEqualTo(Constraints.NONE);
        assertThat(compiler.compile(List.of("node.id==x", "nonsense"))).isEqualTo(Constraints.NONE);
    }

    @Test
    @DisplayName("CON-014")
    void allMustHold() {
        assertThat(check("node.id==n1", "node.role==manager")).isEqualTo(Match.YES);
        assertThat(check("node.id==n1", "node.role==worker")).isEqualTo(Match.NO);
    }

    @Test
    @DisplayName("CON-016: an unknown key never matches")
    void anUnknownKeyNeverMatches() {
        assertThat(check("node.colour==red")).isEqualTo(Match.UNKNOWN);
        assertThat(check("node.colour!=red")).isEqualTo(Match.UNKNOWN);
        assertThat(check("node.colour!=red", "node.id==other")).isEqualTo(Match.NO);
        assertThat(compiler.compile(List.of("node.colour!=red")).obstacle())
                .contains("no evaluator for node.colour is installed");
    }

    @Test
    void theLongestPrefixOwnsTheKey() {
        PluginSet plugins = new PluginSet.Builder()
                .evaluator("node.labels.", always("short", true))
                .evaluator("node.labels.com.", always("long", false))
                .evaluator("node.labels.com.exact", always("exact", true))
                .build();
        assertThat(plugins.owner("Node.Labels.com.exact").orElseThrow().name()).isEqualTo("exact");
        assertThat(plugins.owner("node.labels.com.other").orElseThrow().name()).isEqualTo("long");
        assertThat(plugins.owner("node.labels.org.other").orElseThrow().name()).isEqualTo("short");
        assertThat(plugins.owner("node.labels")).isEmpty();
        assertThat(plugins.owner("other.labels.x")).isEmpty();
    }

    @Test
    void anExpressionIsCompiledOnce() {
        AtomicInteger compiled = new AtomicInteger();
        ConstraintCompiler once = new ConstraintCompiler(new PluginSet.Builder()
                .evaluator("node.id", evaluator("counting", (key, operator, value) -> {
                    compiled.incrementAndGet();
                    return node -> true;
                }))
                .build());
        for (int i = 0; i < 5; i++) {
            assertThat(once.compile(List.of("node.id==n1")).check(Facts.of(node()))).isEqualTo(Match.YES);
        }
        assertThat(compiled).hasValue(1);
    }

    @Test
    void anEvaluatorThatFailsSaysNothingAboutTheNode() {
        assertThat(with((key, operator, value) -> node -> {
            throw new IllegalStateException("broken");
        }).check(Facts.of(node())))
                .isEqualTo(Match.UNKNOWN);
        Constraints refused = with((key, operator, value) -> {
            throw new IllegalArgumentException("no such colour");
        });
        assertThat(refused.check(Facts.of(node()))).isEqualTo(Match.UNKNOWN);
        assertThat(refused.obstacle()).contains("test@1.0.0 refused node.id==n1: no such colour");
        assertThat(with((key, operator, value) -> null).obstacle())
                .contains("test@1.0.0 gave no answer to node.id==n1");
    }

    private Constraints with(Compiling compiling) {
        return new ConstraintCompiler(
                new PluginSet.Builder().evaluator("node.id", evaluator("test", compiling)).build())
                .compile(List.of("node.id==n1"));
    }

    private Match check(String... expressions) {
        return compiler.compile(List.of(expressions)).check(Facts.of(node()));
    }

    private static Node node() {
        return Node.newBuilder().setId("n1").setRole(NodeRole.MANAGER).build();
    }

    private static Installed<ConstraintEvaluator> always(String name, boolean answer) {
        return evaluator(name, (key, operator, value) -> node -> answer);
    }

    /** The body of an evaluator. */
    private interface Compiling {
        NodePredicate compile(String key, ConstraintEvaluator.Operator operator, String value);
    }

    private static Installed<ConstraintEvaluator> evaluator(String name, Compiling body) {
        ConstraintEvaluator evaluator = new ConstraintEvaluator() {
            @Override
            public Set<String> keys() {
                return Set.of();
            }

            @Override
            public NodePredicate compile(String key, Operator operator, String value) {
                return body.compile(key, operator, value);
            }
        };
        return new Installed<>(evaluator, name, new Version("1.0.0"), 1);
    }
}
