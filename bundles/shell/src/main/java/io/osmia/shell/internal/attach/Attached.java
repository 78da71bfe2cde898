package io.osmia.shell.internal.attach;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.osmia.shell.Surroundings;
import io.osmia.wire.osmia.ShellInput;
import io.osmia.wire.osmia.ShellOutput;
import io.osmia.wire.osmia.ShellStart;
import io.osmia.wire.osmia.ShellsGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** This end of a shell inside a node: passes on what is typed, shows what comes back. */
final class Attached {

    private static final int KEYS = 4_096;

    private final Surroundings surroundings;

    Attached(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Without a terminal. Returns the exit code. */
    int run(ShellsGrpc.ShellsStub shells, ShellStart start, boolean withInput) throws IOException {
        Call call = begin(shells, start);
        if (withInput) {
            pass(surroundings.in(), call.input());
        } else {
            call.input().complete();
        }
        return call.end();
    }

    /** At a terminal. */
    int sit(ShellsGrpc.ShellsStub shells, ShellStart start, RawTerminal terminal) throws IOException {
        Call call = begin(shells, start);
        RawTerminal.onResize(() -> resize(terminal, call.input()));
        pass(surroundings.in(), call.input());
        return call.end();
    }

    private Call begin(ShellsGrpc.ShellsStub shells, ShellStart start) throws IOException {
        Output output = new Output(surroundings.out(), surroundings.err());
        shells.open(output);
        Call call = new Call(Objects.requireNonNull(output.input), output.end);
        call.input().send(ShellInput.newBuilder().setStart(start).build());
        return call;
    }

    private static void pass(InputStream from, Paced<ShellInput> to) {
        Thread.ofPlatform().daemon().name("osmia-keys").start(() -> {
            byte[] some = new byte[KEYS];
            try {
                for (int count = from.read(some); count >= 0; count = from.read(some)) {
                    to.send(ShellInput.newBuilder().setData(ByteString.copyFrom(some, 0, count)).build());
                }
                to.complete();
            } catch (IOException e) {
                to.gone(); // the call has ended, or nothing can be read; its end tells
            }
        });
    }

    private static void resize(RawTerminal terminal, Paced<ShellInput> to) {
        try {
            to.send(ShellInput.newBuilder().setSize(terminal.size()).build());
        } catch (IOException e) {
            to.gone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Call(Paced<ShellInput> input, CompletableFuture<Integer> code) {

        int end() {
            try {
                return code.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof StatusRuntimeException status
                        ? status
                        : Status.fromThrowable(e.getCause()).asRuntimeException();
            }
        }
    }

    /** Shows what comes; on the one thread of the connection. */
    private static final class Output implements ClientResponseObserver<ShellInput, ShellOutput> {

        private final PrintStream out;
        private final PrintStream err;
        private final CompletableFuture<Integer> end = new CompletableFuture<>();
        private @Nullable Paced<ShellInput> input;

        Output(PrintStream out, PrintStream err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ShellInput> stream) {
            input = new Paced<>(stream);
        }

        @Override
        public void onNext(ShellOutput message) {
            show(out, message.getData());
            show(err, message.getError());
            if (message.hasEnd()) {
                end.complete(message.getEnd().getExitCode());
            }
        }

        private static void show(PrintStream stream, ByteString data) {
            if (!data.isEmpty()) {
                stream.writeBytes(data.toByteArray());
                stream.flush();
            }
        }

        @Override
        public void onError(Throwable cause) {
            end.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            end.completeExceptionally(
                    Status.INTERNAL.withDescription("the node did not say how it ended").asException());
        }
    }
}
