package io.osmia.shell.internal.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lines of name and value, indented by what they belong to; the values stand below each other. */
public final class Summary {

    private record Line(int depth, String name, String value) {
        int width() {
            return depth * INDENT + name.length();
        }
    }

    private static final int INDENT = 2;

    private final List<Line> lines = new ArrayList<>();
    private int depth;

    public Summary line(String name, String value) {
        lines.add(new Line(depth, name, value));
        return this;
    }

    /** Left out when there is nothing to say. */
    public Summary optional(String name, String value) {
        return value.isEmpty() ? this : line(name, value);
    }

    /** A heading and what belongs to it, left out when that is nothing. */
    public Summary section(String name, Runnable content) {
        int at = lines.size();
        line(name, "");
        depth++;
        content.run();
        depth--;
        if (lines.size() == at + 1) {
            lines.remove(at);
        }
        return this;
    }

    /** A heading and the pairs in the order of their keys. */
    public Summary pairs(String name, Map<String, String> pairs) {
        return section(name, () -> new TreeMap<>(pairs).forEach(this::line));
    }

    public void print(PrintStream out) {
        int width = lines.stream().mapToInt(Line::width).max().orElse(0);
        for (Line line : lines) {
            String start = " ".repeat(line.depth() * INDENT) + line.name();
            String text = start + " ".repeat(width - start.length()) + " : " + line.value();
            out.println(text.stripTrailing());
        }
    }
}
