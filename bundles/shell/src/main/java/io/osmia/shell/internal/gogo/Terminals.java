package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.Role;
import java.io.IOError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;

/** A person at a console: the terminal is at the other end of a connection, so no device of this machine is touched. */
public final class Terminals {

    /** Words that the session itself understands. */
    static final List<String> BUILT_IN = List.of("exit", "help");

    private static final Set<String> LEAVE = Set.of("exit", "quit", "logout");
    private static final int LONGEST_SIDE = 10_000;
    private static final Size USUAL = new Size(80, 24);

    /** JLine asks a program of the machine about types that it does not know. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");

    private Terminals() {}

    /**
     * @param type as in TERM
     * @param screen gets what is to be shown
     */
    public static LineDisciplineTerminal open(String type, int columns, int rows, OutputStream screen)
            throws IOException {
        LineDisciplineTerminal terminal = new LineDisciplineTerminal(
                "osmia", TYPE.matcher(type).matches() ? type : "ansi", screen, StandardCharsets.UTF_8);
        resize(terminal, columns, rows);
        return terminal;
    }

    /** What is no size leaves the terminal as it is, or as usual. */
    public static void resize(LineDisciplineTerminal terminal, int columns, int rows) {
        boolean possible = columns > 0 && rows > 0 && columns <= LONGEST_SIDE && rows <= LONGEST_SIDE;
        terminal.setSize(possible ? new Size(columns, rows) : USUAL);
        terminal.raise(Terminal.Signal.WINCH);
    }

    /** Reads lines and runs them until the person leaves or is gone. Returns the exit code of the last one. */
    static int interact(Console console, Terminal terminal, Completion completion) {
        LineReader reader = reader(terminal, completion);
        terminal.handle(Terminal.Signal.INT, signal -> console.interrupt());
        String prompt = "osmia" + (console.role() == Role.OPERATOR ? "" : " (viewer)")
                + "> ";
        int code = 0;
        while (true) {
            try {
                String line = reader.readLine(prompt).strip();
                if (LEAVE.contains(line)) {
                    return code;
                }
                if (!line.isEmpty()) {
                    code = console.execute(line);
                }
            } catch (UserInterruptException e) {
                // the line was given up, not the session
            } catch (EndOfFileException | IOError | IllegalStateException e) {
                return code; // the last two: the terminal was closed in the middle of it
            }
        }
    }

    private static LineReader reader(Terminal terminal, Completion completion) {
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true);
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("osmia")
                .parser(parser)
                .completer((own, line, candidates) -> candidates.addAll(candidates(line, completion)))
                // An exclamation mark is one.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.INSERT_TAB, false)
                .build();
        // It opens files of the node.
        reader.getWidgets().remove(LineReader.EDIT_AND_EXECUTE_COMMAND);
        return reader;
    }

    private static List<Candidate> candidates(ParsedLine line, Completion completion) {
        String begun = line.word().substring(0, line.wordCursor());
        return completion.after(line.words().subList(0, line.wordIndex()), begun).stream()
                .map(Candidate::new)
                .toList();
    }
}
