package io.osmia.shell.internal.gogo;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.osmia.shell.internal.attach.Paced;
import io.osmia.shell.internal.command.ExitCode;
import io.osmia.shell.internal.command.Role;
import io.osmia.wire.osmia.ShellEnd;
import io.osmia.wire.osmia.ShellInput;
import io.osmia.wire.osmia.ShellOutput;
import io.osmia.wire.osmia.ShellSize;
import io.osmia.wire.osmia.ShellStart;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Function;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code osmia.v1.Shells}: a console whose streams are the call's. */
final class ShellCall implements StreamObserver<ShellInput> {

    private static final Logger LOG = LoggerFactory.getLogger(ShellCall.class);

    private final Shells shells;
    private final Paced<ShellOutput> output;
    private final Feed feed;
    private @Nullable Thread runner; // of gRPC's thread alone, as the rest
    private volatile @Nullable LineDisciplineTerminal terminal;

    ShellCall(Shells shells, ServerCallStreamObserver<ShellOutput> observer) {
        this.shells = shells;
        this.output = new Paced<>(observer);
        this.feed = new Feed(() -> observer.request(1));
        observer.disableAutoRequest();
        observer.setOnCancelHandler(this::end);
        observer.request(1);
    }

    @Override
    public void onNext(ShellInput input) {
        if (runner == null) {
            ShellStart start = input.getStart();
            runner = Thread.ofVirtual().name("shell").start(() -> run(start));
        }
        LineDisciplineTerminal shown = terminal;
        if (input.hasSize() && shown != null) {
            Terminals.resize(shown, input.getSize().getColumns(), input.getSize().getRows());
        }
        feed.add(input.getData());
    }

    @Override
    public void onError(Throwable gone) {
        end();
    }

    @Override
    public void onCompleted() {
        feed.end();
    }

    private void end() {
        feed.end();
        output.gone();
        Thread running = runner;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run(ShellStart start) {
        int code;
        try {
            code = start.hasTerminal() ? atTerminal(start) : withoutTerminal(start);
        } catch (IOException e) {
            LOG.debug("shell: the other side is gone: {}", e.toString());
            code = ExitCode.REFUSED;
        } catch (RuntimeException e) {
            LOG.error("shell: a session failed", e);
            code = ExitCode.REFUSED;
        }
        try {
            output.send(ShellOutput.newBuilder().setEnd(ShellEnd.newBuilder().setExitCode(code)).build());
        } catch (IOException e) {
            LOG.debug("shell: nobody waits for its end: {}", e.toString());
        }
        output.complete();
    }

    private int withoutTerminal(ShellStart start) throws IOException {
        try (OutputStream out = new Sending(data -> ShellOutput.newBuilder().setData(data).build());
                OutputStream err = new Sending(data -> ShellOutput.newBuilder().setError(data).build())) {
            return shells.run(Role.OPERATOR, start.getLine(), feed, out, err);
        }
    }

    private int atTerminal(ShellStart start) throws IOException {
        ShellSize size = start.getTerminal().getSize();
        OutputStream screen = new Sending(data -> ShellOutput.newBuilder().setData(data).build());
        try (LineDisciplineTerminal opened =
                Terminals.open(start.getTerminal().getType(), size.getColumns(), size.getRows(), screen)) {
            terminal = opened;
            return shells.atTerminal(Role.OPERATOR, opened, feed);
        }
    }

    /** Sends what is written, buffer by buffer. */
    private final class Sending extends OutputStream {

        private final Function<ByteString, ShellOutput> message;
        private final ByteString.Output buffer = ByteString.newOutput();

        Sending(Function<ByteString, ShellOutput> message) {
            this.message = message;
        }

        @Override
        public synchronized void write(int b) {
            buffer.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            buffer.write(bytes, offset, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            if (buffer.size() > 0) {
                ByteString data = buffer.toByteString();
                buffer.reset();
                output.send(message.apply(data));
            }
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
