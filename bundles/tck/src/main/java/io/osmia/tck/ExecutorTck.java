package io.osmia.tck;

import io.osmia.api.executor.Executor;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskHandle;
import io.osmia.api.executor.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The tests that every executor has to pass. A vendor extends this class; the package says what has to be supplied. Tests of
 * one class run one after the other.
 */
@Timeout(300)
public abstract class ExecutorTck
        implements VerbsTck,
        CancellationTck,
        ExitsTck,
        OutputTck,
        RecoveryTck,
        HandlesTck,
        AwayTck,
        ListingTck,
        TextTck,
        RefusalsTck,
        HealthTck,
        HealthEndsTck,
        ExtrasTck {

    private @Nullable Bench bench;

    /**
     * A new instance of the executor, on the same backend each time. It is detached by the tests.
     *
     * @param nodeId of the node it is installed on
     */
    protected abstract Executor open(String nodeId) throws Exception;

    /**
     * A workload that runs the command, in which nothing else is stated.
     *
     * @param command program and arguments; {@code sh} and busybox's programs have to be there under their names
     */
    protected abstract Workload workload(List<String> command);

    /** What does not apply to this executor, each with the reason. */
    protected abstract Map<Feature, String> leftOut();

    /** Lets the backend go away, as an engine that is stopped or killed, while its workloads run on. */
    protected void takeBackendAway() throws Exception {
        throw new UnsupportedOperationException("leave BACKEND_AWAY out, or say how to take the backend away");
    }

    /** Brings it back; returns when it answers. */
    protected void bringBackendBack() throws Exception {
        throw new UnsupportedOperationException("leave BACKEND_AWAY out, or say how to bring the backend back");
    }

    /** Lets the backend take calls and not answer them, as an engine that is sent SIGSTOP. Without it that test is skipped. */
    protected void hangBackend() throws Exception {
        Assumptions.abort("how to let the backend hang is not supplied");
    }

    /** Lets it go on. */
    protected void resumeBackend() throws Exception {
        // Only where it can hang.
    }

    /** How many workloads are recovered at once. */
    protected int many() {
        return 100;
    }

    /** How long anything may take that has to happen in the end. */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    /** The handle that the former version of this executor would have made instead; empty when there was none. */
    protected Optional<TaskHandle> formerHandle(ExecutorTask task, TaskHandle handle) {
        return Optional.empty();
    }

    /** A memory limit that is too small for any workload, in bytes. */
    protected long memoryBelowMinimum() {
        return 4096;
    }

    @BeforeEach
    final void openBench() {
        bench = new Bench(this);
    }

    @AfterEach
    final void closeBench() throws Exception {
        bench().close();
    }

    @Override
    public final Bench bench() {
        return Objects.requireNonNull(bench, "no test runs");
    }

    @Override
    public final ExecutorTck tck() {
        return this;
    }
}
