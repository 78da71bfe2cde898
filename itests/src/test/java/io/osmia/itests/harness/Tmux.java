package io.osmia.itests.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A terminal with somebody before it: what is typed there, and what is seen. Its server is its own. */
public final class Tmux implements AutoCloseable {

    private final Path command = Wanted.command("tmux", "tmux");
    private final Path socket;

    /** @param socket for tmux alone */
    public Tmux(Path socket, int columns, int rows, String... program) throws IOException, InterruptedException {
        this.socket = socket;
        List<String> words = new ArrayList<>(List.of(
                "-f", "/dev/null", "new-session", "-d", "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
        words.addAll(List.of(program));
        tmux(words.toArray(String[]::new));
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command.toString(), "-S", socket.toString()));
        all.addAll(List.of(words));
        Distribution.Result result = Distribution.run(Map.of(), all);
        if (result.code() != 0) {
            throw new IOException(all + ": " + result.err());
        }
        return result.out();
    }

    /** Types the keys: text, or names of keys as tmux has them. */
    public Tmux type(String... keys) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("send-keys"));
        words.addAll(List.of(keys));
        tmux(words.toArray(String[]::new));
        return this;
    }

    public String screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p");
    }

    public Tmux resize(int columns, int rows) throws IOException, InterruptedException {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
        return this;
    }

    /** Waits until the text is seen; returns the screen. */
    public String awaitText(String text) {
        return await("'" + text + "' on the screen", seen -> seen.contains(text));
    }

    /** Waits until this prompt is the last thing that is seen: until then, keys may be for the program that ends. */
    public Tmux awaitPrompt(String prompt) {
        await("'" + prompt + "' at the end of the screen", seen -> seen.strip().endsWith(prompt));
        return this;
    }

    private String await(String what, Predicate<String> seen) {
        return Awaitility.await(what)
                .atMost(Node.SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(this::screen, seen);
    }

    /** A server whose programs have ended is gone already. */
    @Override
    public void close() throws IOException, InterruptedException {
        Distribution.run(Map.of(), List.of(command.toString(), "-S", socket.toString(), "kill-server"));
    }
}
