package io.osmia.shell.internal.command;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One name in the tree of commands: a group of further names, or a command that is built when it is wanted.
 *
 * @param description what it does; empty for a command that says so itself
 * @param footer a line below the help of a group; may be empty
 * @param builder makes the command; not used for groups
 * @param children what is in the group; empty for commands
 * @param role who may give the command in a shell of the node; nobody when it is absent. Not used for groups
 */
public record Entry(
        String name,
        List<String> aliases,
        String description,
        String footer,
        Function<Session, Object> builder,
        List<Entry> children,
        @Nullable Role role) {

    public Entry {
        aliases = List.copyOf(aliases);
        children = List.copyOf(children);
    }

    public static Entry command(String name, Function<Session, Object> builder, String... aliases) {
        return new Entry(name, List.of(aliases), "", "", builder, List.of(), null);
    }

    /** One whose class serves several kinds of objects, so that it cannot say itself what it does. */
    public static Entry described(
            String name, String description, Function<Session, Object> builder, String... aliases) {
        return new Entry(name, List.of(aliases), description, "", builder, List.of(), null);
    }

    public static Entry group(String name, String description, List<Entry> children, String... aliases) {
        return new Entry(name, List.of(aliases), description, "", session -> session, children, null);
    }

    public Entry withFooter(String line) {
        return new Entry(name, aliases, description, line, builder, children, role);
    }

    public Entry forViewers() {
        return new Entry(name, aliases, description, footer, builder, children, Role.VIEWER);
    }

    public Entry forOperators() {
        return new Entry(name, aliases, description, footer, builder, children, Role.OPERATOR);
    }

    boolean isGroup() {
        return !children.isEmpty();
    }

    boolean isIn(Set<String> words) {
        return words.contains(name) || aliases.stream().anyMatch(words::contains);
    }

    Object build(Session session) {
        return builder.apply(session);
    }
}
