package io.osmia.itests.harness;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.awaitility.Awaitility;

/**
 * A client of a cluster with several managers. On a busy machine these may change their leader at any time, and a write that
 * is on its way then is answered with the words to ask again: that is what the cluster promises, no failure of it. This client
 * asks again if it is told to, and for no other reason, so that a test passes by it only where a user would have had the same
 * answer. What it asked for may have been done the first time, when nobody was left to say so; a client that was told to ask
 * again is content to hear that it is done already.
 */
public final class AskingAgain {

    private static final List<String> TOLD_TO = List.of(
            "lost leader status",
            "does not have a leader",
            "try again",
            // A member that was silent for two seconds counts as away until it is heard of again.
            "would result in a loss of quorum");

    private static final List<String> DONE_ALREADY = List.of("already", "no changes detected");

    private boolean told;

    private AskingAgain() {}

    /** What the command line says in the end; it succeeds. */
    public static Distribution.Result cli(Node asked, String... words) {
        return new AskingAgain().ask(
                String.join(" ", words) + " at " + asked.stateDir(),
                () -> asked.cli(words),
                result -> result.code() == 0 ? "" : result.code() + " " + result.err());
    }

    /** A call that creates something with a name. */
    public static void create(Runnable call) {
        new AskingAgain().ask("something is created", () -> refusal(call), refusal -> refusal);
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
            return "";
        } catch (StatusRuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** @param refusal why an answer is not the one that was hoped for; empty when it is */
    private <T> T ask(String what, Callable<T> question, Function<T, String> refusal) {
        T answer = Awaitility.await(what)
                .atMost(Node.SOON)
                .pollDelay(Duration.ZERO)
                .until(question, one -> !isToldTo(refusal.apply(one)));
        String why = refusal.apply(answer);
        if (!why.isEmpty() && !(told && mentions(why, DONE_ALREADY))) {
            throw new AssertionError(what + ": " + why);
        }
        return answer;
    }

    private boolean isToldTo(String refusal) {
        boolean again = mentions(refusal, TOLD_TO);
        told |= again;
        return again;
    }

    private static boolean mentions(String text, List<String> any) {
        return any.stream().anyMatch(text::contains);
    }
}
