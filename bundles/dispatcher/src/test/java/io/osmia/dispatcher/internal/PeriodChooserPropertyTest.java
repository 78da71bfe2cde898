package io.osmia.dispatcher.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class PeriodChooserPropertyTest {

    @Property(tries = 300)
    @Label("DIS-029 periods stay within epsilon")
    void periodsStayWithinEpsilon(
            @ForAll @LongRange(min = 1, max = 100_000) long periodMillis,
            @ForAll @LongRange(min = 0, max = 500) long epsilonMillis,
            @ForAll long seed) {
        Duration period = Duration.ofMillis(periodMillis);
        Duration epsilon = Duration.ofMillis(epsilonMillis);
        Duration picked = new PeriodChooser(period, epsilon, new SplittableRandom(seed)).pick();
        assertThat(picked).isPositive();
        assertThat(picked).isBetween(period.minus(epsilon), period.plus(epsilon));
    }

    @Property(tries = 20)
    @Label("DIS-029 without epsilon the period is constant")
    void withoutEpsilonThePeriodIsConstant(@ForAll long seed) {
        PeriodChooser chooser = new PeriodChooser(Duration.ofSeconds(5), Duration.ZERO, new SplittableRandom(seed));
        assertThat(chooser.pick()).isEqualTo(Duration.ofSeconds(5));
        assertThat(chooser.pick()).isEqualTo(Duration.ofSeconds(5));
    }
}
