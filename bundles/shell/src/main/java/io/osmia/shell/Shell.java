package io.osmia.shell;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.internal.command.CommandTree;
import io.osmia.shell.internal.command.ExitCode;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Unsupported;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command. */
public final class Shell {

    private final Surroundings surroundings;

    public Shell(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs the command that the words name; errors are one line on standard error. Returns the exit code. */
    public int run(String... given) {
        String[] words = CommandTree.withoutHelpCommand(given);
        CommandLine line = CommandTree.of(surroundings, words)
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAllowOptionsAsOptionParameters(true)
                .setAllowSubcommandsAsOptionParameters(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(this::wrongUsage)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e));
        return line.execute(words);
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
