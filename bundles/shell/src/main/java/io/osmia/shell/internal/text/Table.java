package io.osmia.shell.internal.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Aligned columns below a header and dashes (rule 10.1.5). */
public final class Table {

    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    public Table row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    public List<String> header() {
        return header;
    }

    public List<List<String>> rows() {
        return List.copyOf(rows);
    }

    /** Prints it; a stream that wants more than its text gets the table as well. */
    public void print(PrintStream out) {
        if (out instanceof TakesTables taker) {
            taker.take(this);
        }
        int[] widths = widths();
        out.println(line(header, widths));
        out.println(line(header.stream().map(title -> "-".repeat(title.length())).toList(), widths));
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private int[] widths() {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = header.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(cell).repeat(" ", widths[i] - cell.length()).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
