package io.osmia.itests.history;

import io.osmia.itests.history.Outcome.Refusal;
import java.util.Optional;

/** The one object that every history is held against: what a call does to a state, and which outcome it then has. */
final class Register {

    private Register() {}

    /**
     * The state after this call with this outcome, or nothing when it cannot have had that outcome here. A call whose outcome
     * is unknown has one only where it would change something; where it would not, it may as well not have happened.
     */
    static Optional<State> after(State state, Call call, Outcome outcome) {
        Effect effect = effect(state, call);
        return switch (outcome) {
            case Outcome.Done done -> effect.refusal.isEmpty() ? Optional.of(effect.state) : Optional.empty();
            case Outcome.Saw saw -> saw.state().equals(state) ? Optional.of(state) : Optional.empty();
            case Outcome.Refused refused -> effect.refusal.filter(refused.why()::equals).map(same -> state);
            case Outcome.Unknown unknown -> Optional.of(effect.state).filter(next -> !next.equals(state));
        };
    }

    private static Effect effect(State state, Call call) {
        return switch (call) {
            case Call.Create create -> state.isAbsent()
                    ? Effect.to(new State(create.value(), create.value()))
                    : Effect.refuse(state, Refusal.EXISTS);
            case Call.Update update when state.born() != update.born() -> Effect.refuse(state, Refusal.GONE);
            case Call.Update update -> state.value() == update.from()
                    ? Effect.to(new State(state.born(), update.to()))
                    : Effect.refuse(state, Refusal.OUT_OF_SEQUENCE);
            case Call.Remove remove -> state.born() == remove.born()
                    ? Effect.to(State.ABSENT)
                    : Effect.refuse(state, Refusal.GONE);
            case Call.Read read -> Effect.to(state);
        };
    }

    private record Effect(State state, Optional<Refusal> refusal) {

        static Effect to(State state) {
            return new Effect(state, Optional.empty());
        }

        static Effect refuse(State state, Refusal why) {
            return new Effect(state, Optional.of(why));
        }
    }
}
