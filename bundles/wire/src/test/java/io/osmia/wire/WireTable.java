package io.osmia.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The protocol as a table of facts, written down independently of the .proto files: {@code wire.tsv}. */
final class WireTable {

    private static final int COLUMNS = 7;

    private WireTable() {}

    /**
     * One line.
     *
     * @param owner message, service, enum or {@code extend <type>}; empty for facts on the file
     * @param name field, method or value; empty for the owner itself
     * @param label cardinality, streaming kind or syntax
     * @param options separated by {@code ;}
     */
    record Row(String file, String owner, String name, String number, String type, String label, String options) {

        int intNumber() {
            return Integer.parseInt(number);
        }

        List<String> optionList() {
            return Arrays.stream(options.split(";"))
                    .map(String::trim)
                    .filter(option -> !option.isEmpty())
                    .toList();
        }

        boolean has(String option) {
            return optionList().contains(option);
        }

        /** What stands behind {@code key=}, split at commas. */
        List<String> values(String key) {
            return optionList().stream()
                    .filter(option -> option.startsWith(key + "="))
                    .flatMap(option -> Arrays.stream(
                            option.substring(key.length() + 1).split(",")))
                    .toList();
        }

        Row withNumber(String other) {
            return new Row(file, owner, name, other, type, label, options);
        }
    }

    static List<Row> read() throws IOException {
        try (InputStream in = Objects.requireNonNull(WireTable.class.getResourceAsStream("wire.tsv"))) {
            List<Row> rows = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList()) {
                String[] cells = Arrays.copyOf(line.split("\t", -1), COLUMNS);
                for (int i = 0; i < COLUMNS; i++) {
                    cells[i] = cells[i] == null ? "" : cells[i];
                }
                rows.add(new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]));
            }
            return rows;
        }
    }

    static Map<String, List<Row>> byFile(List<Row> rows) {
        Map<String, List<Row>> files = new LinkedHashMap<>();
        rows.forEach(row -> files.computeIfAbsent(row.file(), name -> new ArrayList<>()).add(row));
        return files;
    }
}
