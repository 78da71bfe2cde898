package io.osmia.itests.history;

import io.osmia.itests.history.Outcome.Refusal;
import java.util.Locale;

/** Operations as lines of text: begin, end, client, key, call with its numbers, outcome. */
final class Notation {

    private Notation() {}

    static String line(Operation operation) {
        return "%d %d %d %s %s %s"
                .formatted(
                        operation.begin(),
                        operation.end(),
                        operation.client(),
                        operation.key(),
                        text(operation.call()),
                        text(operation.outcome()));
    }

    static Operation operation(String line) {
        String[] words = line.split(" ");
        String[] call = words[4].split(":");
        String[] outcome = words[5].split(":");
        return new Operation(
                Integer.parseInt(words[2]),
                words[3],
                call(call),
                outcome(outcome),
                Long.parseLong(words[0]),
                Long.parseLong(words[1]));
    }

    private static String text(Call call) {
        return switch (call) {
            case Call.Create create -> "create:" + create.value();
            case Call.Update update -> "update:" + update.born() + ":" + update.from() + ":" + update.to();
            case Call.Remove remove -> "remove:" + remove.born();
            case Call.Read read -> "read";
        };
    }

    private static Call call(String[] words) {
        return switch (words[0]) {
            case "create" -> new Call.Create(Long.parseLong(words[1]));
            case "update" ->
                new Call.Update(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            case "remove" -> new Call.Remove(Long.parseLong(words[1]));
            case "read" -> new Call.Read();
            default -> throw new IllegalArgumentException("no call: " + words[0]);
        };
    }

    private static String text(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> "done";
            case Outcome.Saw saw -> "saw:" + saw.state().born() + ":" + saw.state().value();
            case Outcome.Refused refused -> "refused:" + refused.why().name().toLowerCase(Locale.ROOT);
            case Outcome.Unknown unknown -> "unknown";
        };
    }

    private static Outcome outcome(String[] words) {
        return switch (words[0]) {
            case "done" -> new Outcome.Done();
            case "saw" -> new Outcome.Saw(new State(Long.parseLong(words[1]), Long.parseLong(words[2])));
            case "refused" -> new Outcome.Refused(Refusal.valueOf(words[1].toUpperCase(Locale.ROOT)));
            case "unknown" -> new Outcome.Unknown();
            default -> throw new IllegalArgumentException("no outcome: " + words[0]);
        };
    }
}
