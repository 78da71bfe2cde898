package io.osmia.shell.internal.plugin;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Failure;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginInstall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a jar to the node. */
abstract class PluginUpload extends SessionCommand {

    private static final int CHUNK = 1 << 20;
    private static final long GREATEST = 64L << 20;

    @Parameters(paramLabel = "JAR", description = "File of the plugin.")
    private Path jar = Path.of("");

    @Option(names = "--dry-run", description = "Only say whether it fits, and what would be done.")
    private boolean dryRun;

    private final boolean update;

    PluginUpload(Session session, boolean update) {
        super(session);
        this.update = update;
    }

    @Override
    protected final void run() throws NotReachable {
        ByteString bytes = read();
        CompletableFuture<PluginChange> answer = new CompletableFuture<>();
        StreamObserver<InstallPluginRequest> request = session.pluginUploads().installPlugin(new Answer(answer));
        request.onNext(InstallPluginRequest.newBuilder()
                .setInstall(PluginInstall.newBuilder().setUpdate(update).setDryRun(dryRun))
                .build());
        for (int at = 0; at < bytes.size() && !answer.isDone(); at += CHUNK) {
            request.onNext(InstallPluginRequest.newBuilder()
                    .setChunk(bytes.substring(at, Integer.min(bytes.size(), at + CHUNK)))
                    .build());
        }
        if (!answer.isDone()) {
            request.onCompleted();
        }
        try {
            session.out().println(Changes.text(answer.join()));
        } catch (CompletionException e) {
            throw Status.fromThrowable(e.getCause()).asRuntimeException();
        }
    }

    private ByteString read() {
        try {
            if (Files.size(jar) > GREATEST) {
                throw Failure.refused(jar + " is larger than " + (GREATEST >> 20) + " MiB");
            }
            return ByteString.copyFrom(Files.readAllBytes(jar));
        } catch (IOException e) {
            throw Failure.refused("cannot read " + jar + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** Takes the one answer. */
    private record Answer(CompletableFuture<PluginChange> change) implements StreamObserver<PluginChange> {

        @Override
        public void onNext(PluginChange made) {
            change.complete(made);
        }

        @Override
        public void onError(Throwable cause) {
            change.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            change.completeExceptionally(Status.INTERNAL.withDescription("the node did not answer").asException());
        }
    }
}
