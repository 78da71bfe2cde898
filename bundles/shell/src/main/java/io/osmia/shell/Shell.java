package io.osmia.shell;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.internal.command.CommandTree;
import io.osmia.shell.internal.command.ExitCode;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Standing;
import io.osmia.shell.internal.command.Unsupported;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command. */
public final class Shell {

    private final Surroundings surroundings;
    private final Standing standing;

    /** At a command line. */
    public Shell(Surroundings surroundings) {
        this(surroundings, Standing.COMMAND_LINE);
    }

    public Shell(Surroundings surroundings, Standing standing) {
        this.surroundings = surroundings;
        this.standing = standing;
    }

    /** Runs the command that the words name; errors are one line on standard error. Returns the exit code. */
    public int run(String... given) {
        String[] words = CommandTree.withoutHelpCommand(given);
        CommandTree tree = CommandTree.of(surroundings, standing, words);
        CommandLine line = tree.root()
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAllowOptionsAsOptionParameters(true)
                .setAllowSubcommandsAsOptionParameters(true)
                .setUsageHelpAutoWidth(!standing.isInNode())
                .setParameterExceptionHandler(this::wrongUsage)
                // Inside a node they would be its files.
                .setExpandAtFiles(!standing.isInNode())
                .setExecutionStrategy(parsed -> unlessRefused(parsed, tree))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e));
        return line.execute(words);
    }

    /** Help is no help about a command that there is not; picocli would show that of the group above. */
    private int unlessRefused(ParseResult parsed, CommandTree tree) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec command = last.commandSpec();
        if (!command.subcommands().isEmpty() && !last.unmatched().isEmpty()) {
            throw new UnmatchedArgumentException(command.commandLine(), last.unmatched());
        }
        if (last != parsed && !last.isUsageHelpRequested()) {
            try {
                standing.check(command.qualifiedName(), tree.role(command));
            } catch (Failure refused) {
                return failed(refused);
            }
        }
        return new RunLast().execute(parsed);
    }

    private int wrongUsage(ParameterException e, String[] words) {
        CommandLine command = e.getCommandLine();
        return Unsupported.in(command.getCommandSpec(), words)
                .map(flag -> say(flag + " is not supported yet", ExitCode.USAGE))
                .orElseGet(() -> say(
                        whatIsWrong(e) + " (see '" + command.getCommandSpec().qualifiedName() + " --help')",
                        ExitCode.USAGE));
    }

    private int failed(Exception e) {
        return switch (e) {
            case Failure failure -> say(failure.getMessage(), failure.exitCode());
            case NotReachable unreachable -> say(String.valueOf(unreachable.getMessage()), ExitCode.UNREACHABLE);
            case StatusRuntimeException status -> say(
                    Failure.of(status).getMessage(), Failure.of(status).exitCode());
            case InvalidPathException path -> say("this locale has no letters for '" + path.getInput()
                    + "'; set LC_ALL=C.UTF-8", ExitCode.USAGE);
            default -> say("internal error: " + e, ExitCode.REFUSED);
        };
    }

    private int say(String message, int code) {
        surroundings.err().println("osmia: " + message.replace('\n', ' '));
        return code;
    }

    private static String whatIsWrong(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched
                && !command.subcommands().isEmpty()
                && !unmatched.getUnmatched().getFirst().startsWith("-")) {
            return "'" + command.qualifiedName() + "' has no command '"
                    + unmatched.getUnmatched().getFirst() + "'";
        }
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
