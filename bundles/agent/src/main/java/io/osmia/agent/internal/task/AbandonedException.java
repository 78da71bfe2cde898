package io.osmia.agent.internal.task;

import java.io.Serial;

/** A call of an executor was interrupted and did not return; nobody waits for it any more. */
final class AbandonedException extends CancelledException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Call<?> call;

    AbandonedException(Call<?> call) {
        this.call = call;
    }

    Call<?> call() {
        return call;
    }
}
