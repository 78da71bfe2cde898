package io.osmia.itests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.osmia.itests.architecture.OsmiaClasses.moduleOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Dependencies point towards api, wire and roles. The table is the design: a line is changed with a reason in the commit,
 * not to make a build pass.
 */
class LayersTest {

    /** Module, and the other modules it may know. Without a cycle by construction: see {@link #theTableHasNoCycle()}. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("api", Set.of()),
            Map.entry("wire", Set.of()),
            Map.entry("roles", Set.of("wire")),
            Map.entry("store", Set.of("wire", "roles")),
            Map.entry("raft", Set.of("store", "wire", "roles")),
            Map.entry("ca", Set.of("store", "wire", "roles")),
            Map.entry("allocator", Set.of("store", "wire", "roles", "api")),
            // The enforcer of constraints and global services ask the same placement rules as the scheduler.
            Map.entry("orchestrator", Set.of("scheduler", "store", "wire", "roles", "api")),
            Map.entry("scheduler", Set.of("store", "wire", "roles", "api")),
            // Which tasks are up to date is for the orchestrator to say, what a changed CA makes of the root for ca.
            Map.entry("control", Set.of("ca", "orchestrator", "scheduler", "store", "wire", "roles", "api")),
            Map.entry("dispatcher", Set.of("store", "wire", "roles", "api")),
            Map.entry("agent", Set.of("wire", "roles", "api")),
            Map.entry("plugins", Set.of("wire", "roles", "api")),
            Map.entry("node", Set.of("agent", "ca", "raft", "roles", "store", "wire")),
            // The launcher takes the state directory before there is a framework, and works on one while no node does.
            Map.entry("launcher", Set.of("ca", "raft", "wire")),
            Map.entry("shell", Set.of("wire", "roles", "api")),
            // Container engines for tests: on the class path here, and never shipped.
            Map.entry("engines", Set.of()),
            Map.entry("executor.docker", Set.of("api")),
            Map.entry("executor.podman", Set.of("api")),
            Map.entry("executor.process", Set.of("api")),
            Map.entry("strategy.spread", Set.of("api")),
            Map.entry("constraint.engine", Set.of("api")),
            Map.entry("constraint.node", Set.of("api")));

    @TestFactory
    Stream<DynamicTest> aModuleKnowsOnlyTheModulesOfItsLine() {
        Map<String, List<JavaClass>> modules =
                OsmiaClasses.ALL.stream()
                        .collect(Collectors.groupingBy(OsmiaClasses::moduleOf, TreeMap::new, Collectors.toList()));
        return modules.entrySet().stream().map(module -> dynamicTest(module.getKey(), () -> {
            Set<String> allowed = MAY_KNOW.get(module.getKey());
            assertThat(allowed).as("module %s has no line in the table of this test", module.getKey()).isNotNull();
            List<String> strangers = module.getValue().stream()
                    .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .filter(dependency -> isStranger(module.getKey(), allowed, dependency))
                    .map(Dependency::getDescription)
                    .toList();
            assertThat(strangers).as("%s may know %s only", module.getKey(), new TreeSet<>(allowed)).isEmpty();
        }));
    }

    private static boolean isStranger(String module, Set<String> allowed, Dependency dependency) {
        String other = moduleOf(dependency.getTargetClass());
        return !other.isEmpty() && !other.equals(module) && !allowed.contains(other);
    }

    @Test
    void everyModuleOfTheTableIsOnTheClassPath() {
        // Else its line would check nothing, and nobody would notice. wire is generated and not read here.
        Set<String> seen =
                OsmiaClasses.ALL.stream().map(OsmiaClasses::moduleOf).collect(Collectors.toCollection(TreeSet::new));
        assertThat(seen).containsAll(MAY_KNOW.keySet().stream().filter(module -> !module.equals("wire")).toList());
    }

    @Test
    void theTableHasNoCycle() {
        Set<String> done = new TreeSet<>();
        boolean grown = true;
        while (grown) {
            grown = MAY_KNOW.entrySet().stream()
                    .filter(line -> done.containsAll(line.getValue()))
                    .map(line -> done.add(line.getKey()))
                    .reduce(false, Boolean::logicalOr);
        }
        assertThat(done).isEqualTo(new TreeSet<>(MAY_KNOW.keySet()));
    }

    @Test
    void internalPackagesStayInside() {
        List<String> intruders = OsmiaClasses.ALL.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> dependency.getTargetClass().getPackageName().contains(".internal"))
                .filter(dependency -> !moduleOf(dependency.getTargetClass()).isEmpty())
                .filter(dependency -> !moduleOf(dependency.getTargetClass())
                        .equals(moduleOf(dependency.getOriginClass())))
                .map(Dependency::getDescription)
                .toList();
        assertThat(intruders).isEmpty();
    }

    @Test
    void pluginsKnowTheApiTheJdkAndTheirLibrariesAlone() {
        classes().that().resideInAnyPackage("io.osmia.executor..", "io.osmia.strategy..", "io.osmia.constraint..")
                .should().onlyDependOnClassesThat().resideInAnyPackage(
                        "java..", "org.osgi..", "org.jspecify..", "org.slf4j..",
                        "io.osmia.api..", "io.osmia.executor..", "io.osmia.strategy..", "io.osmia.constraint..",
                        "com.github.dockerjava..", "com.fasterxml.jackson..",
                        "javax.net..", "okhttp3..", "okio..", "com.google.gson..")
                .check(OsmiaClasses.ALL);
    }

    @Test
    void onlyTheDockerExecutorKnowsDockerJava() {
        noClasses().that().resideOutsideOfPackage("io.osmia.executor.docker..")
                .should().dependOnClassesThat().resideInAnyPackage("com.github.dockerjava..", "com.fasterxml.jackson..")
                .check(OsmiaClasses.ALL);
    }

    @Test
    void onlyThePodmanExecutorKnowsOkHttp() {
        noClasses().that().resideOutsideOfPackage("io.osmia.executor.podman..")
                .should().dependOnClassesThat().resideInAnyPackage("okhttp3..", "okio..", "kotlin..")
                .check(OsmiaClasses.ALL);
    }

    @Test
    void theApiKnowsTheJdkAndAnnotationsAlone() {
        classes().that().resideInAPackage("io.osmia.api..")
                .should().onlyDependOnClassesThat().resideInAnyPackage(
                        "java..", "io.osmia.api..", "org.jspecify..", "org.osgi.annotation..",
                        "org.osgi.service.component.annotations..", "org.osgi.service.metatype.annotations..")
                .check(OsmiaClasses.ALL);
    }

    @Test
    void onlyRaftKnowsRatis() {
        noClasses().that().resideOutsideOfPackage("io.osmia.raft..")
                .should().dependOnClassesThat().resideInAPackage("org.apache.ratis..")
                .check(OsmiaClasses.ALL);
    }

    @Test
    void theLoopsOfTheLeaderKnowNoNetworkAndNoDisk() {
        noClasses().that().resideInAnyPackage(
                "io.osmia.store..", "io.osmia.orchestrator..", "io.osmia.allocator..", "io.osmia.scheduler..")
                .should().dependOnClassesThat().resideInAnyPackage("io.grpc..", "io.netty..", "java.nio.file..")
                .check(OsmiaClasses.ALL);
    }
}
