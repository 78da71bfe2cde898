package io.osmia.shell.internal.gogo;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.osmia.shell.Shell;
import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.command.ExitCode;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Role;
import io.osmia.shell.internal.command.Standing;
import io.osmia.shell.internal.filter.Filters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/**
 * One session of a shell inside the node: lines in, text and an exit code out. One thread gives it lines; the commands of a line run
 * on threads of the session.
 */
final class Console implements AutoCloseable {

    private final Within within;
    private final Role role;
    private final Standing standing;
    private final RoleProcessor processor;
    private final CommandSessionImpl session;
    private final PrintStream out;
    private final PrintStream err;
    private final Handed handed = new Handed();
    private volatile int code;

    /** @param in what a command reads that is the first of its pipe */
    Console(Within within, Role role, InputStream in, OutputStream out, OutputStream err) {
        this.within = within;
        this.role = role;
        this.standing = new Standing(role, Filters.ALL);
        this.processor = new RoleProcessor(within.commands(), this, role);
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
        this.err = out == err ? this.out : new PrintStream(err, true, StandardCharsets.UTF_8);
        this.session = new ConsoleSession(processor, in, this.out, this.err);
        // An asterisk is an asterisk, not the files of the folder that the node was started in.
        session.put(CommandSessionImpl.OPTION_NO_GLOB, true);
    }

    Role role() {
        return role;
    }

    Standing standing() {
        return standing;
    }

    Commands commands() {
        return within.commands();
    }

    /** Runs a line. Returns the exit code of its last command. */
    int execute(String line) {
        code = ExitCode.DONE;
        try {
            @Nullable Object result = session.execute(
                    role == Role.OPERATOR ? line : PlainLine.parse(line, this::isCommand));
            if (result != null) {
                out.println(session.format(result, Converter.INSPECT));
            }
        } catch (Failure e) {
            say(e.getMessage(), e.exitCode());
        } catch (CommandNotFoundException e) {
            say("there is no command '" + e.getCommand() + "'; 'help' lists them", ExitCode.USAGE);
        } catch (SyntaxError | IOException e) {
            say("the line is not understood: " + e.getMessage(), ExitCode.USAGE);
        } catch (CancellationException | InterruptedException e) {
            say("interrupted", ExitCode.REFUSED);
        } catch (Exception e) { // whatever a command of somebody else throws
            say(String.valueOf(e.getMessage() == null ? e : e.getMessage()), ExitCode.REFUSED);
        }
        out.flush();
        err.flush();
        return code;
    }

    private boolean isCommand(String word) {
        int colon = word.indexOf(':');
        return within.commands()
                .find(colon < 0 ? Commands.ANY : word.substring(0, colon), word.substring(colon + 1))
                .isPresent();
    }

    /** Runs line by line what is read, until its end. Returns the exit code of the last one. */
    int executeAll(InputStream lines) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
        int last = ExitCode.DONE;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            last = execute(line);
        }
        return last;
    }

    private void say(String message, int exitCode) {
        err.println("osmia: " + message.replace('\n', ' '));
        code = exitCode;
    }

    /** Ends what runs in the foreground. */
    void interrupt() {
        Job job = session.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    /** A command of ours, on the thread that Gogo gave it. */
    void run(String... words) {
        Process process = Process.Utils.current();
        ended(process, new Shell(surroundings(process), standing).run(words));
    }

    /** A command that is not run; what follows it after {@code ||} is. */
    void refused(Failure refusal) {
        Process process = Process.Utils.current();
        process.err().println("osmia: " + refusal.getMessage());
        ended(process, refusal.exitCode());
    }

    private void ended(Process process, int done) {
        if (Handed.isLast(process)) {
            code = done;
        }
        process.error(done);
    }

    private Surroundings surroundings(Process process) {
        return surroundings(
                new PipeInput(process, handed),
                new PipeOutput(process.out(), table -> handed.on(process, table)),
                process.err());
    }

    /** The same node, with other streams. */
    Surroundings surroundings(InputStream in, PrintStream streamOut, PrintStream streamErr) {
        return new Surroundings(
                in,
                streamOut,
                streamErr,
                Map.of("SWARM_SOCKET", within.socket().toString()),
                "",
                within.clock(),
                Console::sleep,
                place -> restricted(within.connector().connect(place)));
    }

    private Channel restricted(Channel channel) {
        return role == Role.OPERATOR ? channel : ClientInterceptors.intercept(channel, new ReadsOnly());
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    @Override
    public void close() {
        session.close();
        processor.stop();
    }
}
