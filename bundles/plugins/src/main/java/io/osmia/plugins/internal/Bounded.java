package io.osmia.plugins.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/** Calls into code of plugins, which may throw anything or never return: neither may stop the one who looks after them. */
final class Bounded {

    private final Duration bound;

    Bounded(Duration bound) {
        this.bound = bound;
    }

    /** What the framework is asked to do with a plugin. */
    @FunctionalInterface
    interface Action {
        void run() throws BundleException;
    }

    /**
     * @param failure why it failed
     * @param abandoned whether it is still busy with it
     */
    record Failure(String failure, boolean abandoned) {}

    /** Does it, and waits so long for it; empty when it is done. */
    Optional<Failure> run(String what, Action action) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            action.run();
            return true;
        });
        Thread.ofPlatform().daemon(true).name("plugin-" + what).start(task);
        try {
            task.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Failure(oneLine(e.getCause() == null ? e : e.getCause()), false));
        } catch (TimeoutException e) {
            task.cancel(true);
            return Optional.of(new Failure("it did not " + what + " within " + bound.toSeconds() + " s", true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Failure("interrupted", true));
        }
    }

    static String oneLine(Throwable e) {
        @Nullable String message = e.getMessage();
        String text = message == null ? e.getClass().getSimpleName() : message;
        if (e instanceof BundleException && e.getCause() != null && !text.contains("Unresolved")) {
            text = text + " " + e.getCause();
        }
        return text.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    }
}
