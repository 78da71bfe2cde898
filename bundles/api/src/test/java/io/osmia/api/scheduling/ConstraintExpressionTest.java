package io.osmia.api.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.scheduling.ConstraintEvaluator.Operator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CON-015: the grammar of constraints")
class ConstraintExpressionTest {

    @Test
    void takesAnExpressionApart() {
        assertThat(ConstraintExpression.parse("node.labels.zone==a"))
                .isEqualTo(new ConstraintExpression("node.labels.zone", Operator.EQUAL, "a"));
        assertThat(ConstraintExpression.parse("  node.id  !=  x y "))
                .isEqualTo(new ConstraintExpression("node.id", Operator.NOT_EQUAL, "x y"));
    }

    @Test
    void looksForEqualityFirst() {
        assertThatThrownBy(() -> ConstraintExpression.parse("ab!=cd==ef")).hasMessage("key 'ab!=cd' is invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ab==b",
        "_a==b",
        "Node.ID==B",
        "com.example.security==high",
        "key==a-b_c.d:e/f*g(h)?i+j[k]l\\m^n$o|p",
        "ip==10.0.0.0/8",
        "ip==fe80::1"
    })
    void accepts(String text) {
        assertThat(ConstraintExpression.parse(text).key()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "node.id=x; constraint expected one operator from ==, !=",
        "node.id; constraint expected one operator from ==, !=",
        "\"\"; constraint expected one operator from ==, !=",
        "==x; key '' is invalid",
        "a==x; key 'a' is invalid",
        "===x; key '' is invalid",
        "1node==x; key '1node' is invalid",
        "no de==x; key 'no de' is invalid",
        "no*==x; key 'no*' is invalid",
        "node.id==; value '' is invalid",
        "node.id===x; value '=x' is invalid",
        "node.id==a,b; value 'a,b' is invalid",
        "node.id==a#b; value 'a#b' is invalid"
    })
    void refuses(String text, String message) {
        assertThatThrownBy(() -> ConstraintExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void isWrittenPlainly() {
        assertThat(ConstraintExpression.parse(" node.role != manager ")).hasToString("node.role!=manager");
    }
}
