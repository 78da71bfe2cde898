package io.osmia.executor.podman.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import io.osmia.api.executor.TaskOutput.Sink;
import io.osmia.executor.podman.internal.ContainerState.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads one container's output, in as many passes as it takes. No pass lets Podman follow the output: when the container ends
 * it drops lines that a slow reader has not taken yet, and sends later ones.
 */
final class LogReader {

    /** Between two passes, and at least this many times as long as a pass takes: Podman reads the whole output for each. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final int REST = 5;
    private static final int HEADER = 8;
    private static final int STDERR = 2;
    private static final long LONGEST_LINE = 1 << 20;

    private final Host host;
    private final String name;
    private final String taskId;
    private final OutputRequest request;
    private final Sink sink;
    private String position;

    LogReader(Host host, String name, String taskId, OutputRequest request, Sink sink) {
        this.host = host;
        this.name = name;
        this.taskId = taskId;
        this.request = request;
        this.sink = sink;
        this.position = request.after();
    }

    void read() throws ExecutorException, InterruptedException {
        boolean tail = request.tail() >= 0 && position.isEmpty();
        while (true) {
            CompletableFuture<Void> change = host.changes().next(name);
            ContainerState state = host.containers().inspect(name)
                    .filter(found -> found.taskId().equals(taskId))
                    .orElseThrow(() -> Refusals.never("container " + name + " does not exist"));
            if (state.tty()) {
                throw Refusals.never("logs not supported on services with TTY");
            }
            boolean last = state.ended() || !request.follow() || Instant.now().isAfter(request.until());
            if (state.phase() == Phase.PREPARED) {
                if (!request.follow()) {
                    return;
                }
                Changes.await(change, Duration.ofSeconds(1));
            } else if (tail) {
                tail = false;
                if (!lastLines(last) || last) {
                    return;
                }
            } else {
                long begun = System.nanoTime();
                if (!pass(state.ended(), sink) || last) {
                    return;
                }
                Duration rest = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(REST);
                Changes.await(change, rest.compareTo(PAUSE) > 0 ? rest : PAUSE);
            }
        }
    }

    /** Gives the last lines of each stream in their common order. */
    private boolean lastLines(boolean ended) throws ExecutorException, InterruptedException {
        record Numbered(long number, OutputLine line) {}
        List<ArrayDeque<Numbered>> streams = List.of(new ArrayDeque<>(), new ArrayDeque<>());
        long[] count = {0};
        pass(ended, line -> {
            ArrayDeque<Numbered> stream = streams.get(line.stderr() ? 1 : 0);
            stream.add(new Numbered(count[0]++, line));
            if (stream.size() > request.tail()) {
                stream.remove();
            }
            return true;
        });
        List<Numbered> lines = new ArrayList<>();
        streams.forEach(lines::addAll);
        lines.sort(Comparator.comparingLong(Numbered::number));
        for (Numbered line : lines) {
            if (!sink.line(line.line())) {
                return false;
            }
        }
        return true;
    }

    /** Whether the sink wants more. */
    private boolean pass(boolean ended, Sink into) throws ExecutorException, InterruptedException {
        LogCursor cursor = position.isEmpty()
                ? LogCursor.atTheBeginning(request.since())
                : LogCursor.at(position, request.since());
        Request get = new Request.Builder().url(url(cursor.after()).build()).build();
        try (PodmanApi.Stream stream = host.api().stream(get)) {
            Response response = stream.response();
            if (!response.isSuccessful()) {
                Answer answer = Answer.of(response.code(), response.body().string());
                throw Refusals.of(name, "read its output", answer);
            }
            Lines lines = new Lines(cursor, into);
            BufferedSource source = response.body().source();
            while (lines.wanted && source.request(HEADER)) {
                int which = source.readByte() == STDERR ? 1 : 0;
                source.skip(3);
                lines.frame(which, source.readByteString(source.readInt() & 0xffff_ffffL).toByteArray());
            }
            if (lines.wanted && ended) {
                lines.end(0);
                lines.end(1);
            }
            return lines.wanted;
        } catch (EOFException e) {
            return true; // Podman was stopped in the middle of a frame; the next look tells
        } catch (IOException e) {
            throw host.api().failed(e, Duration.ZERO);
        }
    }

    private HttpUrl.Builder url(@Nullable String after) {
        HttpUrl.Builder url = PodmanApi.at("containers", name, "logs")
                .addQueryParameter("stdout", Boolean.toString(request.stdout()))
                .addQueryParameter("stderr", Boolean.toString(request.stderr()))
                .addQueryParameter("timestamps", "true")
                .addQueryParameter("follow", "false");
        if (after != null) {
            url.addQueryParameter("since", after);
        }
        if (request.until().isBefore(Instant.ofEpochSecond(Integer.MAX_VALUE * 100L))) {
            // Its times may be in whole seconds: what is later than it says is left out here.
            url.addQueryParameter("until", request.until().getEpochSecond() + ".999999999");
        }
        return url;
    }

    /** Puts lines together from frames: a long one comes in several, each with a time before it. */
    private final class Lines {
        private final LogCursor cursor;
        private final Sink into;
        private final Buffer[] text = {new Buffer(), new Buffer()};
        private final Instant[] first = {Instant.EPOCH, Instant.EPOCH};
        private final Instant[] latest = {Instant.EPOCH, Instant.EPOCH};
        private boolean wanted = true;

        Lines(LogCursor cursor, Sink into) {
            this.cursor = cursor;
            this.into = into;
        }

        void frame(int stream, byte[] frame) {
            int space = 0;
            while (space < frame.length && frame[space] != ' ') {
                space++;
            }
            Instant at = time(new String(frame, 0, space, StandardCharsets.US_ASCII), latest[stream]);
            if (!cursor.piece(stream, at)) {
                return;
            }
            if (text[stream].size() == 0) {
                first[stream] = at;
            }
            latest[stream] = at;
            int from = Math.min(space + 1, frame.length);
            boolean end = frame.length > from && frame[frame.length - 1] == '\n';
            text[stream].write(frame, from, frame.length - from - (end ? 1 : 0));
            if (end || text[stream].size() > LONGEST_LINE) {
                give(stream);
            }
        }

        /** What was written last may have no end. */
        void end(int stream) {
            if (text[stream].size() > 0) {
                give(stream);
            }
        }

        private void give(int stream) {
            byte[] line = text[stream].readByteArray();
            if (cursor.end(stream, latest[stream]) && !first[stream].isAfter(request.until())) {
                position = cursor.position();
                wanted = wanted && into.line(new OutputLine(stream == 1, line, first[stream], position));
            }
        }

        private static Instant time(String text, Instant otherwise) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                return otherwise;
            }
        }
    }
}
