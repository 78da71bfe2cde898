package io.osmia.shell.internal.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.shell.internal.command.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.service.command.Process;

/** Consoles without a framework around them. */
public final class Consoles {

    /** What a line left behind. */
    public record Result(int code, String out, String err) {}

    private final Path socket;
    private final List<Commands.Command> others = new ArrayList<>();

    public Consoles(Path socket) {
        this.socket = socket;
    }

    /** A command of somebody else, that says it was called and returns its words. */
    public Consoles with(String scope, String name, String role) {
        others.add(new Commands.Command(scope, name, (session, words) -> "called with " + words,
                Role.of(role).orElse(null)));
        return this;
    }

    private List<Commands.Command> commands() {
        Stream<Commands.Command> own = Stream.concat(ShellService.NAMES.stream(), Stream.of("help"))
                .map(name -> new Commands.Command("osmia", name, new TreeCommand(name), Role.VIEWER));
        Stream<Commands.Command> nobodys = ShellService.FOR_NOBODY.stream()
                .map(name -> new Commands.Command("osmia", name, new TreeCommand(name), null));
        return Stream.concat(Stream.concat(own, nobodys), others.stream()).toList();
    }

    public Result run(Role role, String line) throws IOException {
        return run(role, line, "");
    }

    public Result run(Role role, String line, String input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        int code = new Shells(this::commands, socket).run(role, line, in, out, err);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** One command that is interrupted while it prints, and then the line. */
    public Result interrupted(Role role, String line) throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        others.add(new Commands.Command("test", "wait", (session, words) -> {
            Process.Utils.current().out().println("waits");
            waits.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                Process.Utils.current().out().println("says it after it was interrupted");
            }
            return null;
        }, role));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Shells.Open open =
                new Shells(this::commands, socket).open(role, InputStream.nullInputStream(), out, err)) {
            Thread first = Thread.startVirtualThread(() -> open.console().execute("test:wait"));
            assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
            open.console().interrupt();
            assertThat(first.join(Duration.ofSeconds(10))).isTrue();
            int code = open.console().execute(line);
            return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    /** What may follow; the last word is the one that is being written, empty after a blank. */
    public List<String> complete(Role role, String... words) {
        List<String> before = List.of(words).subList(0, words.length - 1);
        ByteArrayOutputStream none = new ByteArrayOutputStream();
        Shells shells = new Shells(this::commands, socket);
        try (Shells.Open open = shells.open(role, InputStream.nullInputStream(), none, none)) {
            Names names = new Names(open.console().surroundings(System.in, System.out, System.err), socket);
            return new Completion(open.console(), names).after(before, words[words.length - 1]);
        }
    }

    /** Names of the commands that are registered for viewers, and for nobody. */
    public static List<String> forViewers() {
        return ShellService.NAMES;
    }

    public static List<String> forNobody() {
        return ShellService.FOR_NOBODY;
    }
}
