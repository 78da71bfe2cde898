package io.osmia.plugins.internal;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.osmia.plugins.internal.Changes.Change;
import io.osmia.roles.ExecutorExchange;
import io.osmia.wire.osmia.InstallPluginRequest;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.ListPluginsResponse;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginInstall;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.osmia.RemovePluginRequest;
import io.osmia.wire.osmia.RollbackPluginRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code osmia.v1.Plugins} for this node. Changes are made on threads of their own, one at a time. */
final class PluginService extends PluginsGrpc.PluginsImplBase {

    private static final Logger LOG = LoggerFactory.getLogger(PluginService.class);

    private final PluginInstaller plugins;
    private final Changes changes;
    private final Supplier<Optional<ExecutorExchange>> worker;
    private final UnaryOperator<Path> shown;

    /** @param shown the path that people know */
    PluginService(
            PluginInstaller plugins,
            Changes changes,
            Supplier<Optional<ExecutorExchange>> worker,
            UnaryOperator<Path> shown) {
        this.plugins = plugins;
        this.changes = changes;
        this.worker = worker;
        this.shown = shown;
    }

    @Override
    public void listPlugins(ListPluginsRequest request, StreamObserver<ListPluginsResponse> response) {
        ListPluginsResponse.Builder answer = ListPluginsResponse.newBuilder();
        plugins.table().forEach(status -> answer.addPlugins(plugin(status)));
        response.onNext(answer.build());
        response.onCompleted();
    }

    private Plugin plugin(PluginStatus status) {
        Plugin.Builder plugin = Plugin.newBuilder()
                .setName(status.name())
                .setKind(status.kind())
                .setVersion(status.version())
                .setState(status.state().name().toLowerCase(Locale.ROOT))
                .setFile(shown.apply(status.file()).toString())
                .setMessage(message(status));
        status.jar().ifPresent(jar -> plugin.setSymbolicName(jar.symbolicName())
                .setDigest(jar.digest())
                .setSpi(jar.declared().spi().toString())
                .setExecutor(jar.declared().executor())
                .addAllHandleVersions(jar.declared().handleVersions().stream().sorted().toList())
                .setFormerVersion(status.former()));
        return plugin.build();
    }

    /** An active one may have stopped doing its work. */
    private String message(PluginStatus status) {
        return status.bundle() == PluginStatus.NO_BUNDLE
                ? status.message()
                : worker.get().flatMap(here -> here.trouble(status.bundle())).orElse(status.message());
    }

    @Override
    public StreamObserver<InstallPluginRequest> installPlugin(StreamObserver<PluginChange> response) {
        return new Upload(response);
    }

    /** A jar on its way in, straight to the disk. */
    private final class Upload implements StreamObserver<InstallPluginRequest> {

        private final StreamObserver<PluginChange> response;
        private PluginInstall install = PluginInstall.getDefaultInstance();
        private @Nullable Path file;
        private long size;
        private boolean refused;

        Upload(StreamObserver<PluginChange> response) {
            this.response = response;
        }

        @Override
        public void onNext(InstallPluginRequest part) {
            if (part.hasInstall()) {
                install = part.getInstall();
            }
            size += part.getChunk().size();
            if (refused) {
                return;
            }
            if (size > JarReader.GREATEST) {
                refuse(Status.INVALID_ARGUMENT
                        .withDescription("the jar is larger than " + (JarReader.GREATEST >> 20) + " MiB"));
                return;
            }
            try (OutputStream out = Files.newOutputStream(file(), StandardOpenOption.APPEND)) {
                part.getChunk().writeTo(out);
            } catch (IOException e) {
                refuse(unwritable(e));
            }
        }

        private Path file() throws IOException {
            Path incoming = file;
            if (incoming == null) {
                incoming = changes.incoming();
                file = incoming;
            }
            return incoming;
        }

        private void refuse(Status why) {
            refused = true;
            forget();
            response.onError(why.asException());
        }

        private void forget() {
            Path incoming = file;
            if (incoming != null) {
                try {
                    Files.deleteIfExists(incoming);
                } catch (IOException e) {
                    LOG.warn("plugins: cannot delete {}: {}", incoming, e.toString());
                }
            }
        }

        @Override
        public void onError(Throwable gone) {
            LOG.debug("plugins: the sender of a jar went away", gone);
            forget();
        }

        @Override
        public void onCompleted() {
            if (!refused) {
                perform(response, install.getDryRun(),
                        () -> changes.install(file(), install.getUpdate(), install.getDryRun()));
            }
        }
    }

    @Override
    public void rollbackPlugin(RollbackPluginRequest request, StreamObserver<PluginChange> response) {
        perform(response, request.getDryRun(), () -> changes.rollback(request.getName(), request.getDryRun()));
    }

    @Override
    public void removePlugin(RemovePluginRequest request, StreamObserver<PluginChange> response) {
        perform(response, request.getDryRun(),
                () -> changes.remove(request.getName(), request.getDryRun(), request.getForce()));
    }

    @FunctionalInterface
    private interface Action {
        Change make() throws Refusal, IOException;
    }

    private static void perform(StreamObserver<PluginChange> response, boolean dryRun, Action action) {
        Thread.ofPlatform().daemon().name("plugin-change").start(() -> {
            try {
                Change made = action.make();
                response.onNext(PluginChange.newBuilder()
                        .setName(made.name())
                        .setKind(made.kind())
                        .setFormerVersion(made.formerVersion())
                        .setVersion(made.version())
                        .setWorkloads(made.workloads())
                        .setDryRun(dryRun)
                        .build());
                response.onCompleted();
            } catch (Refusal e) {
                Status status = e.isUnknown() ? Status.NOT_FOUND : Status.FAILED_PRECONDITION;
                response.onError(status.withDescription(e.getMessage()).asException());
            } catch (IOException e) {
                response.onError(unwritable(e).asException());
            } catch (Throwable e) {
                // Top of the thread, and code of plugins below it: somebody waits for an answer.
                LOG.error("plugins: a change failed", e);
                response.onError(Status.INTERNAL.withDescription("changing plugins failed: " + e).asException());
            }
        });
    }

    private static Status unwritable(IOException e) {
        return Status.UNAVAILABLE
                .withDescription("the plugins folder cannot be written: " + e.getMessage())
                .withCause(e);
    }
}
