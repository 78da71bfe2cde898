package io.osmia.engines;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** For calls that a test makes while it does something else. */
public final class InParallel {

    private InParallel() {}

    /** What the call gives, on a thread of its own. */
    public static <T> CompletableFuture<T> call(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.call());
            } catch (Exception | Error e) { // whatever the call throws is for who waits for it
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
