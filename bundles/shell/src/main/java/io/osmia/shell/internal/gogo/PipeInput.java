package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.filter.GivesTables;
import io.osmia.shell.internal.text.Table;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.felix.service.command.Process;

/** Standard input of a command, which the command before it in the pipe writes. */
final class PipeInput extends FilterInputStream implements GivesTables {

    private final Process reader;
    private final Handed handed;

    PipeInput(Process reader, Handed handed) {
        super(reader.in());
        this.reader = reader;
        this.handed = handed;
    }

    @Override
    public boolean isPiped() {
        return Handed.hasWriter(reader);
    }

    @Override
    public Optional<Table> table() {
        try {
            transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return handed.to(reader);
    }

    @Override
    public void close() {
        // it is the pipe's to close
    }

}
