package io.osmia.shell.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Columns stay columns, whatever is in them. */
class TablePropertyTest {

    @Property(tries = 200)
    void theSecondColumnStartsAtTheSamePlaceInEveryLine(
            @ForAll @Size(max = 8) List<@StringLength(max = 30) @AlphaChars String> cells) {
        Table table = new Table("Name", "Second");
        cells.forEach(cell -> table.row(cell, "|"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        int column = lines.getFirst().indexOf("Second");
        assertThat(lines).hasSize(cells.size() + 2);
        assertThat(lines.get(1)).startsWith("----").hasSize(column + "Second".length());
        assertThat(lines.subList(2, lines.size())).allMatch(line -> line.indexOf('|') == column);
    }
}
