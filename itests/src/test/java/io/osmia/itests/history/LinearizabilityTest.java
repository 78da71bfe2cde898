package io.osmia.itests.history;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.history.Outcome.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker finds what is wrong with a history, and finds nothing wrong with a right one. */
class LinearizabilityTest {

    private static final Outcome DONE = new Outcome.Done();
    private static final Outcome UNKNOWN = new Outcome.Unknown();

    private final Linearizability checker = new Linearizability(0);

    @Test
    void oneAfterTheOtherFits() {
        assertThat(check(
                op(0, 1, create(1), DONE),
                op(2, 3, read(), saw(1, 1)),
                op(4, 5, update(1, 1, 2), DONE),
                op(6, 7, read(), saw(1, 2)),
                op(8, 9, remove(1), DONE),
                op(10, 11, read(), saw(0, 0)),
                op(12, 13, create(3), DONE),
                op(14, 15, remove(1), refused(Refusal.GONE))))
                .isEqualTo(new Verdict.Fits(7, 1));
    }

    @Test
    void aStaleReadIsRejected() {
        assertThat(check(
                op(0, 1, create(1), DONE),
                op(2, 3, update(1, 1, 2), DONE),
                op(4, 5, read(), saw(1, 1))))
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void aReadBesideAWriteMaySeeEither() {
        for (long seen : List.of(1L, 2L)) {
            assertThat(check(
                    op(0, 1, create(1), DONE),
                    op(2, 9, update(1, 1, 2), DONE),
                    op(3, 4, read(), saw(1, seen))))
                    .isInstanceOf(Verdict.Fits.class);
        }
    }

    @Test
    void aLostWriteIsRejected() {
        assertThat(check(op(0, 1, create(1), DONE), op(2, 3, read(), saw(0, 0))))
                .isInstanceOf(Verdict.NoOrder.class);
        assertThat(check(
                op(0, 1, create(1), DONE),
                op(2, 3, update(1, 1, 2), DONE),
                op(4, 5, update(1, 1, 3), DONE)))
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void twoReadsInTheOrderOppositeToTheWritesAreRejected() {
        assertThat(check(
                op(0, 1, create(1), DONE),
                op(2, 20, update(1, 1, 2), DONE),
                op(3, 4, read(), saw(1, 2)),
                op(5, 6, read(), saw(1, 1))))
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void aWriteThatWasRefusedAndHappenedIsRejected() {
        assertThat(check(op(0, 1, create(1), refused(Refusal.EXISTS)), op(2, 3, read(), saw(1, 1))))
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void aRefusalFromAnOldStateIsRejected() {
        assertThat(check(
                op(0, 1, create(1), DONE),
                op(2, 3, remove(1), DONE),
                op(4, 5, create(2), refused(Refusal.EXISTS))))
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void anUnknownWriteMayHaveHappenedAnyTimeAfterItBeganOrNever() {
        for (State seen : List.of(State.ABSENT, new State(1, 1))) {
            assertThat(check(
                    op(0, 1, create(1), UNKNOWN),
                    op(50, 51, read(), saw(0, 0)),
                    op(52, 53, read(), new Outcome.Saw(seen))))
                    .isInstanceOf(Verdict.Fits.class);
        }
    }

    @Test
    void anUnknownWriteHappensOnceAndNotBeforeItBegan() {
        assertThat(check(
                op(0, 1, create(1), UNKNOWN),
                op(2, 3, read(), saw(1, 1)),
                op(4, 5, remove(1), DONE),
                op(6, 7, read(), saw(1, 1))))
                .isInstanceOf(Verdict.NoOrder.class);
        assertThat(check(op(0, 1, read(), saw(1, 1)), op(2, 3, create(1), UNKNOWN)))
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void objectsAreOrderedEachOnItsOwn() {
        Operation other = new Operation(1, "b", new Call.Read(), saw(9, 9), 4, 5);
        assertThat(check(op(0, 1, create(1), DONE), other))
                .isInstanceOfSatisfying(Verdict.NoOrder.class, no -> assertThat(no.key()).isEqualTo("b"));
    }

    @Test
    @DisplayName("under 1,000 successful operations say nothing")
    void tooShortAHistoryIsNoProof() {
        History history = generated(1, 40, 4);
        assertThat(new Linearizability(1_000).check(history))
                .isEqualTo(new Verdict.TooFew(history.succeeded(), 1_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aLongHistoryOfManyClientsFits(long seed) {
        History history = generated(seed, 5_000, 8);
        assertThat(new Linearizability(1_000).check(history)).isInstanceOf(Verdict.Fits.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneWrongReadInALongHistoryIsFound(long seed) {
        List<Operation> operations = new ArrayList<>(generated(seed, 5_000, 8).operations());
        operations.sort((a, b) -> Long.compare(a.begin(), b.begin()));
        int planted = plantStaleRead(operations);
        History history = new History();
        operations.forEach(history::add);
        assertThat(checker.check(history))
                .as("stale read planted at %d", planted)
                .isInstanceOf(Verdict.NoOrder.class);
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path dir) throws Exception {
        History history = generated(7, 300, 3);
        history.write(dir.resolve("history"));
        assertThat(History.read(dir.resolve("history")).operations()).isEqualTo(history.operations());
    }

    /** The first read after 1,000 operations now sees what the first read saw. */
    private static int plantStaleRead(List<Operation> operations) {
        State old = operations.stream()
                .filter(o -> o.outcome() instanceof Outcome.Saw saw && !saw.state().isAbsent())
                .map(o -> ((Outcome.Saw) o.outcome()).state())
                .findFirst()
                .orElseThrow();
        for (int i = 1_000; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            if (operation.outcome() instanceof Outcome.Saw) {
                operations.set(
                        i,
                        new Operation(
                                operation.client(),
                                operation.key(),
                                operation.call(),
                                new Outcome.Saw(old),
                                operation.begin(),
                                operation.end()));
                return i;
            }
        }
        throw new IllegalStateException("no read");
    }

    /** A right history: each call takes effect at an instant of its own between its begin and its end; some go unheard. */
    private static History generated(long seed, int count, int clients) {
        Random random = new Random(seed);
        long[] free = new long[clients];
        State[] known = new State[clients];
        Arrays.fill(known, State.ABSENT);
        State state = State.ABSENT;
        History history = new History();
        List<Operation> shuffled = new ArrayList<>();
        long now = 0;
        for (int i = 1; i <= count; i++) {
            now += 10;
            int client = random.nextInt(clients);
            long begin = Math.max(free[client] + 1, now - random.nextInt(60));
            if (begin > now) {
                continue;
            }
            long end = now + random.nextInt(60);
            free[client] = end;
            Call call = call(random, i, known[client]);
            Outcome outcome = told(state, call);
            state = Register.after(state, call, outcome).orElseThrow();
            boolean unheard = !(call instanceof Call.Read) && random.nextInt(20) == 0;
            known[client] = state;
            shuffled.add(new Operation(client, "a", call, unheard ? UNKNOWN : outcome, begin, end));
        }
        Collections.shuffle(shuffled, random);
        shuffled.forEach(history::add);
        return history;
    }

    private static Call call(Random random, int value, State known) {
        return switch (random.nextInt(known.isAbsent() ? 2 : 5)) {
            case 0 -> read();
            case 1 -> create(value);
            case 2 -> remove(known.born());
            default -> update(known.born(), known.value(), value);
        };
    }

    private static Outcome told(State state, Call call) {
        if (call instanceof Call.Read) {
            return new Outcome.Saw(state);
        }
        if (Register.after(state, call, DONE).isPresent()) {
            return DONE;
        }
        for (Refusal why : Refusal.values()) {
            if (Register.after(state, call, refused(why)).isPresent()) {
                return refused(why);
            }
        }
        throw new IllegalStateException("no outcome of " + call + " at " + state);
    }

    private Verdict check(Operation... operations) {
        History history = new History();
        List.of(operations).forEach(history::add);
        return checker.check(history);
    }

    private static Operation op(long begin, long end, Call call, Outcome outcome) {
        return new Operation(0, "a", call, outcome, begin, end);
    }

    private static Call create(long value) {
        return new Call.Create(value);
    }

    private static Call update(long born, long from, long to) {
        return new Call.Update(born, from, to);
    }

    private static Call remove(long born) {
        return new Call.Remove(born);
    }

    private static Call read() {
        return new Call.Read();
    }

    private static Outcome saw(long born, long value) {
        return new Outcome.Saw(new State(born, value));
    }

    private static Outcome refused(Refusal why) {
        return new Outcome.Refused(why);
    }
}
