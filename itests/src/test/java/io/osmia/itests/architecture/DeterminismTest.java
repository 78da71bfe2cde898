package io.osmia.itests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The same log must give the same state on every manager, and a test must be able to choose the time: in these modules
 * time, ids and chance come in as arguments ({@code io.osmia.roles.Clock}, {@code Ids}).
 */
class DeterminismTest {

    /** Methods by owner; a star stands for all, the constructors too. */
    private static final Map<String, Set<String>> OUTSIDE = Map.ofEntries(
            Map.entry("java.lang.System",
                    Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty", "identityHashCode")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.lang.StrictMath", Set.of("random")),
            Map.entry("java.time.Clock", Set.of("*")),
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.LocalDate", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.LocalTime", Set.of("now")),
            Map.entry("java.time.OffsetDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.time.ZoneId", Set.of("systemDefault")),
            Map.entry("java.util.Calendar", Set.of("*")),
            Map.entry("java.util.Date", Set.of("*")),
            Map.entry("java.util.Random", Set.of("*")),
            Map.entry("java.util.SplittableRandom", Set.of("*")),
            Map.entry("java.util.TimeZone", Set.of("getDefault")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.Collections", Set.of("shuffle")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("*")),
            Map.entry("java.util.random.RandomGenerator", Set.of("*")),
            Map.entry("java.security.SecureRandom", Set.of("*")));

    private static final ArchCondition<JavaClass> TAKE_THE_WORLD_AS_ARGUMENTS =
            new ArchCondition<>("take time, ids and chance as arguments") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    for (JavaCodeUnitAccess<?> access : type.getCodeUnitAccessesFromSelf()) {
                        Set<String> names = OUTSIDE.getOrDefault(access.getTargetOwner().getFullName(), Set.of());
                        if (names.contains("*") || names.contains(access.getName())) {
                            events.add(SimpleConditionEvent.violated(type, access.getDescription()));
                        }
                    }
                }
            };

    @Test
    void theStoreAndTheLoopsOfTheLeaderTakeTheWorldAsArguments() {
        classes().that().resideInAnyPackage(
                "io.osmia.store..", "io.osmia.orchestrator..", "io.osmia.allocator..", "io.osmia.scheduler..")
                .should(TAKE_THE_WORLD_AS_ARGUMENTS)
                .check(OsmiaClasses.ALL);
    }

    @Test
    void theTablesOfTheStoreKnowNoClockAtAll() {
        // The shells around them hand the time in.
        classes().that().resideInAPackage("io.osmia.store.internal..")
                .should(new ArchCondition<>("know no clock") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getDirectDependenciesFromSelf().stream()
                                .filter(dependency -> dependency.getTargetClass().getSimpleName().equals("Clock"))
                                .forEach(dependency -> events
                                        .add(SimpleConditionEvent.violated(type, dependency.getDescription())));
                    }
                })
                .check(OsmiaClasses.ALL);
    }

    @Test
    void theRuleSeesCallsConstructorsAndReferences() {
        var offender = new ClassFileImporter().importClasses(Offender.class);
        List<String> found =
                classes().should(TAKE_THE_WORLD_AS_ARGUMENTS).evaluate(offender).getFailureReport().getDetails();
        assertThat(found).hasSize(10);
    }

    @SuppressWarnings("unused")
    private static final class Offender {
        private final Supplier<Instant> reference = Instant::now;
        private final Supplier<Random> constructorReference = Random::new;

        Object[] calls() {
            return new Object[] {
                System.currentTimeMillis(), System.nanoTime(), UUID.randomUUID(), new Date(), new SecureRandom(),
                ThreadLocalRandom.current(), LocalDate.now(ZoneId.systemDefault())};
        }
    }
}
