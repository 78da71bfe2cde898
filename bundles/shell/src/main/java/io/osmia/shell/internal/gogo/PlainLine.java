package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.command.Failure;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Operator;
import org.apache.felix.gogo.runtime.Parser.Pipeline;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.Token;

/**
 * A line that is commands with words, alone, in pipes or one after another, and nothing else of Gogo's language. With
 * variables, closures and method calls one reaches every object of the node; so they are not for those who may only look.
 */
final class PlainLine {

    private static final Set<String> OPERATORS = Set.of("|", ";", "&&", "||", "\n");

    /** What begins something other than a word, unless it stands between single quotes. */
    private static final String SPECIAL = "$%`(){}[]<>&~\\";

    private PlainLine() {}

    /**
     * @param isCommand whether a word names a command: anything else in its place is a value, whose methods would be called
     * @return the line, parsed, so that what is run is what was looked at
     * @throws Failure when there is more in it
     */
    static Program parse(CharSequence line, Predicate<String> isCommand) {
        Program program = new Parser(line).program();
        program.tokens().forEach(part -> check(part, isCommand));
        return program;
    }

    private static void check(Executable part, Predicate<String> isCommand) {
        switch (part) {
            case Pipeline pipeline -> pipeline.tokens().forEach(inner -> check(inner, isCommand));
            case Operator operator -> require(OPERATORS.contains(operator.toString()), operator);
            case Statement statement -> {
                statement.redirections().forEach(token -> require(false, token));
                words(statement.tokens(), isCommand);
            }
            default -> require(false, part);
        }
    }

    private static void words(List<Token> tokens, Predicate<String> isCommand) {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            // Sequences, closures and arrays have classes of their own.
            require(token.getClass() == Token.class && isWord(token), token);
            require(i != 1 || !token.toString().equals("="), token);
        }
        if (!tokens.isEmpty() && !isCommand.test(tokens.getFirst().toString())) {
            throw Failure.usage("there is no command '" + tokens.getFirst() + "'; 'help' lists them");
        }
    }

    private static boolean isWord(Token token) {
        boolean quoted = false;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && SPECIAL.indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean plain, Token token) {
        if (!plain) {
            throw Failure
                    .refused("'" + token + "' is for the role operator: a shell of a viewer runs commands and pipes"
                            + " of them, and takes other letters as they are between single quotes only");
        }
    }
}
