package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "grep", description = "Print the lines in which something is found.")
final class Grep extends Filter {

    @Parameters(paramLabel = "PATTERN", description = "A regular expression.")
    private String pattern = "";

    @Option(names = {"-i", "--ignore-case"}, description = "Small and capital letters are the same.")
    private boolean ignoreCase;

    @Option(names = {"-v", "--invert-match"}, description = "The lines in which it is not found.")
    private boolean invert;

    Grep(Session session) {
        super(session);
    }

    @Override
    boolean filter() throws IOException {
        Pattern wanted = wanted();
        boolean found = false;
        try (BufferedReader lines = lines()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (wanted.matcher(line).find() != invert) {
                    found = true;
                    say(line);
                }
            }
        }
        return found;
    }

    private Pattern wanted() {
        try {
            return Pattern.compile(pattern, ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        } catch (PatternSyntaxException e) {
            throw Failure.usage("'" + pattern + "' is no regular expression: " + e.getDescription());
        }
    }
}
