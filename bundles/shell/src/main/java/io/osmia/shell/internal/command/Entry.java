package io.osmia.shell.internal.command;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One name in the tree of commands: a group of further names, or a command that is built when it is wanted.
 *
 * @param description what it does; empty for a command that says so itself
 * @param footer a line below the help of a group; may be empty
 * @param builder makes the command; not used for groups
 * @param children what is in the group; empty for commands
 */
public record Entry(
        String name,
        List<String> aliases,
        String description,
        String footer,
        Function<Session, Object> builder,
        List<Entry> children) {

    public Entry {
        aliases = List.copyOf(aliases);
        children = List.copyOf(children);
    }

    public static Entry command(String name, Function<Session, Object> builder, String... aliases) {
        return new Entry(name, List.of(aliases), "", "", builder, List.of());
    }

    /** One whose class serves several kinds of objects, so that it cannot say itself what it does. */
    public static Entry described(
            String name, String description, Function<Session, Object> builder, String... aliases) {
        return new Entry(name, List.of(aliases), description, "", builder, List.of());
    }

    public static Entry group(String name, String description, List<Entry> children, String... aliases) {
        return new Entry(name, List.of(aliases), description, "", session -> session, children);
    }

    public Entry withFooter(String line) {
        return new Entry(name, aliases, description, line, builder, children);
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
