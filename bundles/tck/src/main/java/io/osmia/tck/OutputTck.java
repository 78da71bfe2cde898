package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskOutput.OutputLine;
import io.osmia.api.executor.TaskOutput.OutputRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What workloads write. */
interface OutputTck extends Suite {

    @Test
    default void bothStreamsAreReadLineByLine() throws Exception {
        ExecutorTask task = ended(Program.writesToBoth());
        List<OutputLine> lines = bench().lines(task, OutputRequest.ALL);
        assertThat(lines).filteredOn(line -> !line.stderr()).extracting(Bench::text).containsExactly("out", "open");
        assertThat(lines).filteredOn(OutputLine::stderr).extracting(Bench::text).containsExactly("err");
        assertThat(bench().lines(task, new OutputRequest(true, false, false, -1, Instant.EPOCH, Instant.MAX, "")))
                .extracting(Bench::text).containsExactly("out", "open");
        assertThat(bench().lines(task, new OutputRequest(false, true, false, -1, Instant.EPOCH, Instant.MAX, "")))
                .extracting(Bench::text).containsExactly("err");
    }

    @Test
    default void theLastLinesCanBeAskedFor() throws Exception {
        ExecutorTask task = ended(Program.floods(50));
        assertThat(bench().lines(task, OutputRequest.ALL.last(2))).extracting(Bench::text)
                .containsExactly("line 49", "line 50");
        assertThat(bench().lines(task, OutputRequest.ALL.last(0))).isEmpty();
        assertThat(bench().lines(task, OutputRequest.ALL.last(1000))).hasSize(50);
    }

    @Test
    default void readingGoesOnAfterAnyPosition() throws Exception {
        ExecutorTask task = ended(Program.floods(20));
        List<OutputLine> all = bench().lines(task, OutputRequest.ALL);
        bench().swap();
        for (int i = 0; i < all.size(); i++) {
            assertThat(bench().lines(task, OutputRequest.ALL.goingOnAfter(all.get(i).position())))
                    .as("after line %s", i + 1)
                    .extracting(Bench::text)
                    .containsExactlyElementsOf(numbered(i + 2, 20));
        }
    }

    @Test
    default void aSinkThatHasHadEnoughEndsTheReading() throws Exception {
        ExecutorTask task = ended(Program.floods(50));
        List<String> lines = new ArrayList<>();
        bench().output().read(bench().handle(task), OutputRequest.ALL.following(), line -> {
            lines.add(Bench.text(line));
            return lines.size() < 3;
        });
        assertThat(lines).containsExactly("line 1", "line 2", "line 3");
    }

    @Test
    default void aLongLineKeepsAllOfItsBytes() throws Exception {
        ExecutorTask task = ended(Program.writesLongLine(200_000));
        assertThat(String.join("", bench().text(task))).isEqualTo("a".repeat(200_000));
    }

    @Test
    default void followingWaitsForTheStartAndEndsWithTheWorkload() throws Exception {
        bench().need(Feature.OUTPUT);
        ExecutorTask task = bench().task(Program.writesLines(200));
        var controller = bench().prepared(task);
        Follower follower = new Follower();
        Call<Boolean> read = follower.follow(bench(), task);
        controller.start();
        read.value(bench().patience());
        assertThat(follower.text()).containsExactlyElementsOf(numbered(1, 200));
    }

    @Test
    default void aSlowReaderDoesNotHoldUpTheWorkload() throws Exception {
        bench().need(Feature.OUTPUT);
        ExecutorTask task = bench().task(Program.floods(20_000));
        var controller = bench().started(task);
        CountDownLatch over = new CountDownLatch(1);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        var output = bench().output();
        var handle = bench().handle(task);
        Call<Boolean> read = Call.of(() -> output.read(handle, OutputRequest.ALL.following(), line -> {
            lines.add(Bench.text(line));
            return await(over);
        }));
        assertThat(Call.of(controller::await).value(bench().patience()).code()).hasValue(0);
        over.countDown();
        read.value(bench().patience());
        assertThat(lines).hasSize(20_000).startsWith("line 1").endsWith("line 20000");
    }

    @Test
    default void noLineIsLostOrRepeatedAcrossSwaps() throws Exception {
        bench().need(Feature.OUTPUT);
        int count = 4000;
        ExecutorTask task = bench().task(Program.writesLines(count));
        bench().started(task);
        Follower follower = new Follower();
        for (int swap = 1; swap <= 3; swap++) {
            Call<Boolean> read = follower.follow(bench(), task);
            int enough = swap * 200; // long before the program is over
            Deadline.until(bench().patience(), enough + " lines", follower::size, size -> size >= enough);
            bench().swap();
            read.failsTemporarily(Bench.AT_ONCE);
        }
        follower.follow(bench(), task).value(bench().patience());
        assertThat(follower.text()).containsExactlyElementsOf(numbered(1, count));
        assertThat(bench().text(task)).containsExactlyElementsOf(numbered(1, count));
    }

    @Test
    default void linesHaveTimesAndCanBeBoundedByThem() throws Exception {
        bench().need(Feature.OUTPUT_TIMES);
        Instant before = Instant.now().minusSeconds(2);
        ExecutorTask task = ended(Program.writesLines(500));
        List<OutputLine> all = bench().lines(task, OutputRequest.ALL);
        assertThat(all).extracting(OutputLine::at).isSorted()
                .allMatch(at -> at.isAfter(before) && at.isBefore(Instant.now().plusSeconds(2)));
        Instant since = all.get(200).at();
        assertThat(bench().lines(task, OutputRequest.ALL.between(since, Instant.MAX))).extracting(Bench::text)
                .containsExactlyElementsOf(
                        all.stream().filter(line -> !line.at().isBefore(since)).map(Bench::text).toList());
        assertThat(bench().lines(task, OutputRequest.ALL.between(Instant.EPOCH, since))).extracting(Bench::text)
                .containsExactlyElementsOf(
                        all.stream().filter(line -> !line.at().isAfter(since)).map(Bench::text).toList());
    }

    @Test
    default void outputWithoutTimesRefusesToBeBoundedByThem() throws Exception {
        ExecutorTask task = ended(Program.writesToBoth());
        if (tck().leftOut().containsKey(Feature.OUTPUT_TIMES)) {
            assertThatThrownBy(() -> bench().lines(task, OutputRequest.ALL.between(Instant.now(), Instant.MAX)))
                    .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
        }
    }

    @Test
    default void thereIsNoOutputOfWhatDoesNotExist() throws Exception {
        bench().need(Feature.OUTPUT);
        ExecutorTask task = bench().task(Program.runs());
        assertThatThrownBy(() -> bench().text(task))
                .isInstanceOfSatisfying(ExecutorException.class, e -> assertThat(e.temporary()).isFalse());
    }

    private ExecutorTask ended(Program program) throws Exception {
        bench().need(Feature.OUTPUT);
        ExecutorTask task = bench().task(program);
        Call.of(bench().started(task)::await).value(bench().patience());
        return task;
    }

    private static List<String> numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "line " + i).toList();
    }

    private static boolean await(CountDownLatch over) {
        try {
            return over.await(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Reads on where it was, whichever instance there is. */
    final class Follower {

        private final List<OutputLine> lines = Collections.synchronizedList(new ArrayList<>());

        Call<Boolean> follow(Bench bench, ExecutorTask task) throws Exception {
            var output = bench.output();
            var handle = bench.handle(task);
            String position = lines.isEmpty() ? "" : lines.getLast().position();
            return Call.of(() -> output.read(
                    handle, OutputRequest.ALL.following().goingOnAfter(position), lines::add));
        }

        int size() {
            return lines.size();
        }

        List<String> text() {
            return List.copyOf(lines).stream().map(Bench::text).toList();
        }
    }
}
