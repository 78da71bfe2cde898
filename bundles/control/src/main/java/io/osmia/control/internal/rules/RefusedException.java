package io.osmia.control.internal.rules;

import java.io.Serial;

/** Carries a refusal out of a transaction and a call. It is an answer, not a defect, so it has no stack trace. */
public final class RefusedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.text(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
