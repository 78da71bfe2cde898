package io.osmia.agent.internal.task;

import io.osmia.agent.internal.task.Worker.Held;
import io.osmia.api.executor.Recovery;
import io.osmia.api.executor.TaskHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Asks an executor for every workload before it is let near them. It is refused when it fails at one, or does not find what
 * the former one had a moment ago: a task must not fail because of the executor that looks after it.
 */
final class Recoveries {

    private static final int AT_ONCE = 8;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Installed executor;
    private final List<Held> held;
    private final @Nullable Set<String> known;

    /**
     * @param held what is to be found
     * @param known tasks whose workload the former executor had; null when it could not say
     */
    Recoveries(Installed executor, List<Held> held, @Nullable Set<String> known) {
        this.executor = executor;
        this.held = held;
        this.known = known;
    }

    /** What came of asking for one workload. */
    private record Answer(Held held, Optional<String> refusal, boolean unknown) {

        boolean failed() {
            return !unknown && refusal.isPresent();
        }

        /** Whether another answer may come that does not refuse it. */
        boolean open() {
            return unknown && refusal.isPresent();
        }
    }

    /** Why it is refused; asks again, until that nano time, for what it cannot say at once. */
    Optional<String> refusal(long deadline) throws InterruptedException {
        List<Answer> left = held.stream().map(Recoveries::late).toList();
        while (true) {
            List<Answer> answers = ask(left, deadline);
            List<Answer> failed = answers.stream().filter(Answer::failed).toList();
            List<Answer> open = answers.stream().filter(Answer::open).toList();
            boolean again = failed.isEmpty() && deadline - System.nanoTime() > PAUSE.toNanos();
            if (open.isEmpty() || !again) {
                List<Answer> refused = failed.isEmpty() ? open : failed;
                return refused.stream().findFirst()
                        .flatMap(Answer::refusal)
                        .map(why -> why + HandOver.others(refused.size()));
            }
            left = open;
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private static Answer late(Held held) {
        return new Answer(held, Optional.of("it did not recover " + named(held.handle()) + " in time"), false);
    }

    /**
     * Asks for all, some at a time.
     *
     * @param former for each what holds when it is not answered in time
     */
    private List<Answer> ask(List<Answer> former, long deadline) throws InterruptedException {
        List<Held> wanted = former.stream().map(Answer::held).toList();
        AtomicReferenceArray<Answer> answers = new AtomicReferenceArray<>(wanted.size());
        List<Call<Boolean>> calls = new ArrayList<>();
        for (int lane = 0; lane < Integer.min(AT_ONCE, wanted.size()); lane++) {
            int first = lane;
            Call<Boolean> call = executor.call("recover", () -> {
                for (int i = first; i < wanted.size() && !Thread.currentThread().isInterrupted(); i += AT_ONCE) {
                    answers.set(i, ask(wanted.get(i)));
                }
                return true;
            }, () -> {});
            calls.add(call);
            Lane.start("executor-recover", call);
        }
        for (Call<Boolean> call : calls) {
            if (!call.await(deadline - System.nanoTime())) {
                call.cancel();
                executor.giveUp(call);
            }
        }
        List<Answer> all = new ArrayList<>();
        for (int i = 0; i < answers.length(); i++) {
            Answer answer = answers.get(i);
            all.add(answer != null ? answer : former.get(i));
        }
        return all;
    }

    private Answer ask(Held one) {
        TaskHandle handle = one.handle();
        Recovery found;
        try {
            found = executor.executor().recover(handle);
        } catch (RuntimeException | Error e) {
            return new Answer(one, Optional.of("it fails to recover " + named(handle) + ": " + e), false);
        }
        return judge(one, found);
    }

    private Answer judge(Held one, @Nullable Recovery found) {
        TaskHandle handle = one.handle();
        boolean had = known != null && known.contains(handle.taskId());
        return switch (found) {
            case null -> new Answer(one, Optional.of("it recovers " + named(handle) + " as null"), false);
            case Recovery.Unknown(String why) -> new Answer(one, had
                    ? Optional.of("it cannot say what became of " + named(handle) + ": " + why)
                    : Optional.empty(), true);
            case Recovery.Gone() -> new Answer(one, had && one.runs()
                    ? Optional.of("it does not find " + named(handle) + ", which the former one had")
                    : Optional.empty(), false);
            default -> new Answer(one, Optional.empty(), false);
        };
    }

    private static String named(TaskHandle handle) {
        return "the workload of task " + handle.taskId();
    }
}
