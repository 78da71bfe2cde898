package io.osmia.shell.internal.plugin;

import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.command.SessionCommand;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginInstall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sends a jar to the node, or to several. */
abstract class PluginUpload extends SessionCommand {

    @Parameters(paramLabel = "JAR", description = "File of the plugin.")
    private Path jar = Path.of("");

    @Mixin
    private final RolloutOptions rollout = new RolloutOptions();

    private final boolean update;

    PluginUpload(Session session, boolean update) {
        super(session);
        this.update = update;
    }

    @Override
    protected final void run() throws NotReachable {
        Path checked = Upload.checked(jar);
        PluginInstall install =
                PluginInstall.newBuilder().setUpdate(update).setDryRun(rollout.dryRun).build();
        if (rollout.isRollout()) {
            new Rollout(session, rollout, new Everywhere(install, checked, digest(checked)))
                    .over(Seen.of(session, rollout.nodes.nodes(session)));
            return;
        }
        Upload<InstallPluginRequest, PluginChange> call = new Upload<>();
        session.pluginUploads().installPlugin(call);
        call.send(InstallPluginRequest.newBuilder().setInstall(install).build());
        call.send(checked, chunk -> InstallPluginRequest.newBuilder().setChunk(chunk).build());
        session.out().println(Changes.text(Upload.join(call.end())));
    }

    private static String digest(Path jar) {
        try (InputStream in = Files.newInputStream(jar)) {
            DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (IOException e) {
            throw Upload.unreadable(jar, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    /** The jar on each node. */
    private record Everywhere(PluginInstall install, Path jar, String digest) implements Rollout.Change {

        @Override
        public String unnecessary(Seen node) {
            return node.has(digest) ? "this jar is active there already" : "";
        }

        @Override
        public PluginChange make(NodeOrders orders, Seen node) throws NotReachable {
            return orders.install(node.node().getId(), install, jar);
        }

        @Override
        public String wayBack(PluginChange made) {
            return made.getFormerVersion().isEmpty()
                    ? "osmia plugin remove --all " + made.getName()
                    : "osmia plugin rollback --all --version " + made.getVersion() + " " + made.getName();
        }
    }
}
