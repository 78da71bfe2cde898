package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.shell.internal.command.CommandTree;
import io.osmia.shell.internal.command.Entry;
import io.osmia.shell.internal.command.Role;
import io.osmia.shell.internal.command.Standing;
import io.osmia.shell.internal.filter.Filters;
import io.osmia.shell.internal.gogo.Consoles;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** Every command has a role, or stands here as one that is for nobody in a shell of the node. */
class CommandRolesTest {

    private static final Standing STANDING = new Standing(Role.OPERATOR, Filters.ALL);

    private static Map<String, String> roles() {
        Map<String, String> roles = new TreeMap<>();
        CommandTree.entries(STANDING).forEach(entry -> collect("", entry, roles));
        return roles;
    }

    private static void collect(String before, Entry entry, Map<String, String> roles) {
        String name = before + entry.name();
        if (entry.children().isEmpty()) {
            Role role = entry.role();
            roles.put(name, role == null ? "nobody" : role.word());
        }
        entry.children().forEach(child -> collect(name + " ", child, roles));
    }

    private static List<String> of(String role) {
        return roles().entrySet().stream().filter(e -> e.getValue().equals(role)).map(Map.Entry::getKey).toList();
    }

    @Test
    void viewersGiveTheseCommandsAndNoOthers() {
        assertThat(of("viewer")).containsExactly(
                "cluster leader", "cluster status",
                "config inspect", "config ls",
                "count",
                "executor inspect", "executor ls",
                "get", "grep", "head",
                "node inspect", "node ls",
                "plugin inspect", "plugin ls",
                "secret inspect", "secret ls",
                "service inspect", "service logs", "service ls", "service ps",
                "sort",
                "strategy inspect", "strategy ls",
                "task inspect", "task logs", "task ls",
                "version",
                "where");
    }

    @Test
    void theseAreForNobody() {
        assertThat(of("nobody"))
                .containsExactly("cluster recover", "cluster restore", "node leave", "quickstart", "shell");
    }

    @Test
    void allOthersAreForOperators() {
        assertThat(of("operator")).contains("service create", "plugin install", "cluster join-token",
                "cluster inspect");
        assertThat(roles().values()).isSubsetOf("viewer", "operator", "nobody");
    }

    @Test
    void gogoKnowsEachOfThem() {
        List<String> names = CommandTree.entries(STANDING).stream()
                .flatMap(entry -> Stream.concat(Stream.of(entry.name()), entry.aliases().stream()))
                .toList();
        assertThat(Stream.concat(Consoles.forViewers().stream(), Consoles.forNobody().stream()))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    /** The files would be the node's. */
    @Test
    void noCommandOfViewersTakesAFile() {
        CommandTree tree = CommandTree.of(
                new Surroundings(InputStream.nullInputStream(), System.out, System.err, Map.of(), "",
                        InstantSource.system(), pause -> {}, place -> {
                            throw new NotReachable("not asked");
                        }),
                STANDING, "--help");
        assertThat(commands(tree.root())
                .filter(line -> tree.role(line.getCommandSpec()) == Role.VIEWER)
                .flatMap(line -> Stream.concat(
                        line.getCommandSpec().options().stream(),
                        line.getCommandSpec().positionalParameters().stream())))
                .isNotEmpty()
                .noneMatch(CommandRolesTest::isFile);
    }

    private static boolean isFile(ArgSpec argument) {
        return Stream.of(argument.typeInfo().getType(), argument.auxiliaryTypes()[0])
                .anyMatch(type -> type == Path.class || type == File.class);
    }

    private static Stream<CommandLine> commands(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(CommandRolesTest::commands));
    }
}
