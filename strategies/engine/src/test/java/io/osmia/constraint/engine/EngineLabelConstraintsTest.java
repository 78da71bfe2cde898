package io.osmia.constraint.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.NodeFacts;
import io.osmia.api.ResourceAmounts;
import io.osmia.api.scheduling.ConstraintExpression;
import io.osmia.api.scheduling.NodePredicate;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 3.10. */
class EngineLabelConstraintsTest {

    private static final NodeFacts NODE = new NodeFacts(
            "id",
            "",
            "",
            false,
            "",
            "",
            Map.of("disk", "node's own"),
            Map.of("disk", "SSD", "com.example.tier", "1"),
            Set.of(),
            ResourceAmounts.NONE);

    @ParameterizedTest
    @CsvSource({
        "engine.labels.disk==ssd, true", "Engine.LABELS.disk==SSD, true", "engine.labels.Disk==ssd, false",
        "engine.labels.disk!=ssd, false", "engine.labels.disk!=hdd, true", "engine.labels.com.example.tier==1, true",
        "engine.labels.none==x, false", "engine.labels.none!=x, true"
    })
    void comparesLabelsOfTheEngine(String expression, boolean matches) {
        assertThat(compile(expression).test(NODE)).isEqualTo(matches);
    }

    @Test
    void keysWithoutALabelAreRefused() {
        assertThatThrownBy(() -> compile("engine.labels.==x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> compile("engine.name==x")).hasMessage("key 'engine.name' is not known");
    }

    @Test
    void saysWhatTheEngineHasInstead() {
        assertThat(compile("engine.labels.disk==hdd").explain(NODE)).isEqualTo("engine.labels.disk is \"SSD\"");
    }

    private static NodePredicate compile(String text) {
        ConstraintExpression expression = ConstraintExpression.parse(text);
        return new EngineLabelConstraints().compile(expression.key(), expression.operator(), expression.value());
    }
}
