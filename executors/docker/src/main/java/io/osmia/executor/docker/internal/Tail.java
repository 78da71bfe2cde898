package io.osmia.executor.docker.internal;

import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.Sink;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.stream.Stream;

/** Keeps the last lines of each stream. */
final class Tail implements Sink {

    private final int lines;
    private final ArrayDeque<Numbered> out = new ArrayDeque<>();
    private final ArrayDeque<Numbered> err = new ArrayDeque<>();
    private long number;

    Tail(int lines) {
        this.lines = lines;
    }

    private record Numbered(long number, OutputLine line) {}

    @Override
    public boolean line(OutputLine line) {
        ArrayDeque<Numbered> stream = line.stderr() ? err : out;
        stream.addLast(new Numbered(number++, line));
        if (stream.size() > lines) {
            stream.removeFirst();
        }
        return true;
    }

    /** Gives them in the order in which they came; false when the sink has had enough. */
    boolean give(Sink sink) {
        return Stream.concat(out.stream(), err.stream())
                .sorted(Comparator.comparingLong(Numbered::number))
                .allMatch(numbered -> sink.line(numbered.line()));
    }
}
