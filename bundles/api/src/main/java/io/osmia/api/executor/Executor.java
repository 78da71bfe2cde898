package io.osmia.api.executor;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs workloads on this node. An OSGi service of this type is an executor; {@code osmia-tck} has the tests that each one
 * has to pass. What else it can do it tells by implementing {@link TaskOutput}, {@link TaskStatistics}, {@link TaskExec} or
 * {@link TaskSignals} in the same class.
 *
 * <p><b>Workloads outlive the executor.</b> They go on when the bundle is replaced and when the whole Java process is
 * killed. {@link #detach} leaves them alone, {@link #recover} finds them again, and everything that is needed for that is
 * in the handle or on the machine before the workload is started. A workload is named by its task id.
 *
 * <p><b>Threads.</b> All methods, of the executor and its controllers, may be called from any thread, several at a time,
 * also for the same task. Do not rely on thread locals or on the context class loader. Virtual threads of its own share
 * their carriers with the whole node: they may wait, but not spin.
 *
 * <p><b>Blocking.</b> {@link #describe}, {@link #handle} and {@link #controller} answer from memory. The others may wait for
 * the disk or an engine, and those that declare {@link InterruptedException} for as long as the workload makes them.
 *
 * <p><b>Interruption.</b> A call that is interrupted ends within 1 s with {@link InterruptedException}, also when an engine
 * does not answer. What it had begun stays: nothing is undone, and the same call, here or on another instance, goes on
 * from there.
 *
 * <p><b>Idempotence.</b> A verb whose effect is there already succeeds. Verbs of one task may overlap: the agent interrupts a
 * start before it calls shutdown, but does not wait for a killed predecessor.
 *
 * <p><b>Errors.</b> Everything that a user, the machine or an engine may cause is an {@link ExecutorException}, temporary or
 * for good. A {@link RuntimeException} counts as a defect of the executor, and as temporary.
 *
 * <p><b>User text</b> (names, labels, environment, commands, mounts) is data: it never becomes part of a path that the
 * executor makes, a shell's text or an engine's URL without being escaped.
 */
@ConsumerType
public interface Executor {

    /**
     * What this executor is and can do now. Called often; answers from memory, never waits for an engine. When its engine is
     * away it is not available, and the message says why.
     */
    ExecutorDescription describe();

    /**
     * The handle of a task, before anything exists of it. Checks what can be checked without asking anyone, touches nothing,
     * and gives an equal handle for an equal task, also from another instance of the same version.
     *
     * @param specDigest goes into the handle as it is
     * @throws ExecutorException when this executor can never run the task; the task is REJECTED with the message
     */
    TaskHandle handle(ExecutorTask task, String specDigest) throws ExecutorException;

    /**
     * A controller for the workload that the handle names, whether or not it exists yet. Waits for nobody and touches nothing.
     * Several controllers of one workload may exist, and see the same.
     *
     * @param handle one that {@link #handle} gave, of any version that the description names
     * @throws ExecutorException for good when the handle's kind, version or data is not one of this executor
     */
    TaskController controller(ExecutorTask task, TaskHandle handle) throws ExecutorException;

    /**
     * Looks for the workload that the handle names. Changes nothing, and never throws for what the machine or an engine does:
     * what cannot be told now, or a handle that cannot be read, is {@link Recovery.Unknown}. {@link Recovery.Gone} is said
     * only when it is certain, since the workload's task then fails and is replaced.
     */
    Recovery recover(TaskHandle handle);

    /**
     * Handles of every workload of this executor that exists on the machine for a node, journalled by the agent or not,
     * prepared, running or ended. Each one is good for {@link #controller} and {@link #recover}. Workloads of another node id
     * are not among them, and neither are containers that somebody else made.
     *
     * @param nodeId id of the node, as in {@link ExecutorTask#nodeId}
     * @throws ExecutorException temporary when nobody can say now; an incomplete list is never returned
     */
    List<TaskHandle> list(String nodeId) throws ExecutorException, InterruptedException;

    /**
     * Lets go of everything: threads, descriptors, sockets, timers. Workloads are untouched. Takes at most 1 s. Calls that are
     * under way end with a temporary {@link ExecutorException}, and so do later ones. May be called twice.
     */
    void detach();
}
