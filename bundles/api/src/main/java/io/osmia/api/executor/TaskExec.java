package io.osmia.api.executor;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Optional interface of an {@link Executor}: further programs beside a running workload, with its view of the machine. */
@ConsumerType
public interface TaskExec {

    /**
     * Starts a program. It ends with the workload, and with the session.
     *
     * @throws ExecutorException for good when the workload does not run, or the program is missing
     */
    Session exec(TaskHandle handle, ExecRequest request) throws ExecutorException, InterruptedException;

    /**
     * A program to run.
     *
     * @param command program and arguments, never a shell's text
     * @param env further environment, {@code NAME=value} each
     * @param dir working directory; empty for the workload's
     * @param user user; empty for the workload's
     * @param tty whether it gets a terminal; its two outputs are then one
     * @param stdin whether its input stays open
     * @param columns width of the terminal; 0 when not known
     * @param rows height of the terminal; 0 when not known
     */
    record ExecRequest(
            List<String> command,
            List<String> env,
            String dir,
            String user,
            boolean tty,
            boolean stdin,
            int columns,
            int rows) {

        public ExecRequest {
            command = List.copyOf(command);
            env = List.copyOf(env);
        }
    }

    /** A program that was started. The streams block; they end when the program or the executor ends. */
    @ConsumerType
    interface Session extends AutoCloseable {

        /** Its input; closing it tells the program. */
        OutputStream stdin();

        /** Its output. */
        InputStream stdout();

        /** Its error output; without content when it has a terminal. */
        InputStream stderr();

        /** Tells the program that its terminal has another size; without one, does nothing. */
        void resize(int columns, int rows) throws ExecutorException;

        /** Waits for the end of the program; its exit code, 128+n for death by signal n. */
        int await() throws ExecutorException, InterruptedException;

        /** Ends the program if it still runs, and lets go of the streams. */
        @Override
        void close();
    }
}
