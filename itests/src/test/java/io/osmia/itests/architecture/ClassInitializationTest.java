package io.osmia.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Two classes whose static initializers need each other stop for ever when two threads begin with one each. A node starts
 * hundreds of threads in code that is not initialized yet.
 */
class ClassInitializationTest {

    @Test
    void noTwoClassesNeedEachOtherToBeInitialized() {
        assertThat(cycles(OsmiaClasses.ALL)).isEmpty();
    }

    @Test
    void aCycleIsFound() {
        JavaClasses three = new ClassFileImporter().importClasses(First.class, Second.class, Third.class);

        assertThat(cycles(three)).containsExactly("First Second");
    }

    /** The simple names of classes that are initialized together, a line for each cycle. */
    private static Set<String> cycles(JavaClasses classes) {
        Set<String> cycles = new TreeSet<>();
        for (JavaClass type : classes) {
            Set<JavaClass> needed = reachable(type);
            if (needed.contains(type)) {
                cycles.add(needed.stream()
                        .filter(other -> reachable(other).contains(type))
                        .map(JavaClass::getSimpleName)
                        .sorted()
                        .collect(Collectors.joining(" ")));
            }
        }
        return cycles;
    }

    private static Set<JavaClass> reachable(JavaClass type) {
        Set<JavaClass> reached = new HashSet<>();
        List<JavaClass> left = new ArrayList<>(needs(type));
        while (!left.isEmpty()) {
            JavaClass next = left.removeLast();
            if (reached.add(next)) {
                left.addAll(needs(next));
            }
        }
        return reached;
    }

    /** What is initialized when this class is: what its initializer touches, and the class above it. */
    private static Set<JavaClass> needs(JavaClass type) {
        Set<JavaClass> needs = new HashSet<>();
        type.getRawSuperclass().filter(ClassInitializationTest::isOurs).ifPresent(needs::add);
        type.getAccessesFromSelf().stream()
                .filter(access -> access.getOrigin().getName().equals("<clinit>") && !access.isDeclaredInLambda())
                .filter(ClassInitializationTest::initializes)
                .map(JavaAccess::getTargetOwner)
                // Nobody else begins with a body of an enum's constant.
                .filter(owner -> isOurs(owner) && !owner.isAnonymousClass() && !owner.equals(type))
                .forEach(needs::add);
        return needs;
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith("io.osmia.");
    }

    private static boolean initializes(JavaAccess<?> access) {
        return access.getName().equals("<init>")
                || access.getTarget().resolveMember()
                        .filter(member -> member.getModifiers().contains(JavaModifier.STATIC))
                        .isPresent();
    }

    private static final class First {
        static final List<String> OWN = new ArrayList<>();
        static final List<String> OTHER = Second.OWN;
    }

    private static final class Second {
        static final List<String> OWN = new ArrayList<>();
        static final Runnable LATER = () -> Third.OWN.clear();
        static final List<String> OTHER = First.OWN;
    }

    private static final class Third {
        static final List<String> OWN = First.OWN;
    }
}
