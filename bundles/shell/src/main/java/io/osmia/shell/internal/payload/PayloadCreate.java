package io.osmia.shell.internal.payload;

import com.google.protobuf.ByteString;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.shell.internal.text.Pairs;
import io.osmia.wire.swarmkit.Annotations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create")
final class PayloadCreate extends SessionCommand {

    /** More than any manager takes (rule 1.7); a stream without end is not read to its end. */
    private static final int MORE_THAN_ENOUGH = 1_100_000;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name, at most 64 letters, digits and any of -_.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE|-", description = "Where the payload is; - or nothing: standard input.")
    private @Nullable String file;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "The same as the second word.")
    private @Nullable String alsoFile;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label. Repeatable.")
    private List<String> labels = new ArrayList<>();

    private final PayloadKind<?> kind;

    PayloadCreate(Session session, PayloadKind<?> kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    protected void run() throws NotReachable {
        if (file != null && alsoFile != null) {
            throw Failure.usage("give the file once, as second word or with --file");
        }
        String from = file != null ? file : alsoFile;
        session.out().println(kind.create(session, annotations(), data(from == null ? "-" : from)));
    }

    private Annotations annotations() {
        try {
            return Annotations.newBuilder()
                    .setName(name)
                    .putAllLabels(Pairs.parse(labels, "label"))
                    .build();
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    private ByteString data(String from) {
        try (InputStream in = from.equals("-") ? session.surroundings().in() : Files.newInputStream(Path.of(from))) {
            return ByteString.copyFrom(in.readNBytes(MORE_THAN_ENOUGH));
        } catch (IOException e) {
            throw Failure.refused("cannot read " + from + ": " + e.getClass().getSimpleName());
        }
    }
}
