package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.text.Table;
import io.osmia.shell.internal.text.TakesTables;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Standard output of a command, which the command after it in the pipe reads. */
final class PipeOutput extends PrintStream implements TakesTables {

    private final Consumer<Table> taker;

    PipeOutput(OutputStream out, Consumer<Table> taker) {
        super(out, true, StandardCharsets.UTF_8);
        this.taker = taker;
    }

    @Override
    public void take(Table table) {
        taker.accept(table);
    }
}
