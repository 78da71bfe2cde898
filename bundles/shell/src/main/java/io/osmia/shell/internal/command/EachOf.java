package io.osmia.shell.internal.command;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import java.util.ArrayList;
import java.util.List;

/** The same done to several objects. One that refuses does not keep the others from it; a node that is gone does. */
public final class EachOf {

    /** What is done to one of them, by the word that names it. */
    @FunctionalInterface
    public interface Act {
        void on(String given) throws NotReachable;
    }

    private EachOf() {}

    /** Fails in the end if any did, with what each of those said. */
    public static void these(List<String> given, Act act) throws NotReachable {
        List<String> refusals = new ArrayList<>();
        for (String word : given) {
            try {
                act.on(word);
            } catch (Failure refused) {
                refusals.add(refused.getMessage());
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() == Status.Code.UNAVAILABLE
                        || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                    throw e;
                }
                refusals.add(Failure.of(e).getMessage());
            }
        }
        if (!refusals.isEmpty()) {
            throw Failure.refused(String.join("; ", refusals));
        }
    }
}
