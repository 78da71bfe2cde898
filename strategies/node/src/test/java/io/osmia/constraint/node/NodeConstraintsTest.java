package io.osmia.constraint.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.NodeFacts;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.scheduling.ConstraintExpression;
import io.osmia.api.scheduling.NodePredicate;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConstraintsTest {

    private static final NodeFacts NODE = new NodeFacts(
            "id1",
            "host-1",
            "10.1.2.3",
            true,
            "linux",
            "x86_64",
            Map.of("Zone", "Berlin", "com.example.security", "high"),
            Map.of(),
            Set.of(),
            ResourceAmounts.NONE);
    private static final NodeFacts BARE = node("");

    @ParameterizedTest
    @DisplayName("CON-009, CON-010, CON-011, CON-012: known attributes and labels, in any letter case")
    @CsvSource({
        "node.id==id1, true", "node.id==ID1, true", "NODE.ID==id1, true", "node.id!=id1, false", "node.id==id, false",
        "node.hostname==HOST-1, true", "node.hostname==host, false", "node.hostname!=other, true",
        "node.role==manager, true", "node.role==Manager, true", "node.role!=MANAGER, false", "node.role==worker, false",
        "node.platform.os==Linux, true", "node.platform.os!=linux, false", "node.platform.arch==x86_64, true",
        "node.labels.Zone==berlin, true", "Node.Labels.Zone==BERLIN, true", "node.labels.Zone!=berlin, false",
        "node.labels.zone==berlin, false", "node.labels.zone!=berlin, true",
        "node.labels.com.example.security==high, true", "node.labels.Zone==*, false"
    })
    void comparesWholeTexts(String expression, boolean matches) {
        assertThat(compile(expression).test(NODE)).isEqualTo(matches);
    }

    @ParameterizedTest
    @DisplayName("CON-004, CON-010, CON-011: what is missing is the empty text")
    @ValueSource(strings = {"node.hostname", "node.platform.os", "node.platform.arch", "node.labels.zone",
        "node.labels.x.y"})
    void whatIsMissingIsEmpty(String key) {
        assertThat(compile(key + "==x").test(BARE)).isFalse();
        assertThat(compile(key + "!=x").test(BARE)).isTrue();
    }

    @ParameterizedTest
    @DisplayName("CON-005, CON-006: addresses and networks")
    @CsvSource({
        "10.1.2.3, 10.1.2.3, true", "10.1.2.3, 10.1.2.4, false", "10.1.2.3, 10.1.2.0/24, true",
        "10.1.2.3, 10.1.3.0/24, false", "10.1.2.3, 0.0.0.0/0, true", "10.1.2.3, 10.1.2.2/31, true",
        "10.1.2.3, 10.1.2.3/32, true", "10.1.2.3, ::/0, false", "fe80::1, fe80::1, true",
        "fe80::1, FE80:0:0:0:0:0:0:1, true", "fe80::1, fe80::/10, true", "fe90::1, fe80::/16, false",
        "10.1.2.3, ::ffff:10.1.2.3, true"
    })
    void comparesAddresses(String address, String value, boolean inside) {
        assertThat(compile("node.ip==" + value).test(node(address))).isEqualTo(inside);
        assertThat(compile("node.ip!=" + value).test(node(address))).isNotEqualTo(inside);
    }

    @ParameterizedTest
    @DisplayName("CON-007: what cannot be read as an address refuses the node either way")
    @CsvSource({
        "'', 10.1.2.3", "host, 10.1.2.3", "10.1.2, 10.1.2.0/24", "10.01.2.3, 10.1.2.3", "10.1.2.3, 10.1.2",
        "10.1.2.3, 10.1.2.0/33", "10.1.2.3, 10.1.2.0/x", "10.1.2.3, localhost", "10.1.2.3, 10.1.2.3:80",
        "10.1.2.3, 10.1.2.0/"
    })
    void malformedAddressesRefuse(String address, String value) {
        assertThat(compile("node.ip==" + value).test(node(address))).isFalse();
        assertThat(compile("node.ip!=" + value).test(node(address))).isFalse();
    }

    @Test
    @DisplayName("CON-016: a key that nobody knows")
    void unknownKeysAreRefused() {
        assertThatThrownBy(() -> compile("node.colour==red"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key 'node.colour' is not known");
        assertThatThrownBy(() -> compile("node.labels.==red")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhatTheNodeHasInstead() {
        assertThat(compile("node.labels.Zone==Paris").explain(NODE)).isEqualTo("node.labels.Zone is \"Berlin\"");
        assertThat(compile("node.ip==10.9.9.9").explain(NODE)).isEqualTo("node.ip is \"10.1.2.3\"");
        assertThat(compile("node.ip==x").explain(NODE)).isEqualTo("\"x\" is neither an address nor a network");
    }

    private static NodePredicate compile(String text) {
        ConstraintExpression expression = ConstraintExpression.parse(text);
        return new NodeConstraints().compile(expression.key(), expression.operator(), expression.value());
    }

    private static NodeFacts node(String address) {
        return new NodeFacts(
                "id", "", address, false, "", "", Map.of(), Map.of(), Set.of(), ResourceAmounts.NONE);
    }
}
