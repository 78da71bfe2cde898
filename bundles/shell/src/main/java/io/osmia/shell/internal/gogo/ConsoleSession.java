package io.osmia.shell.internal.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;

/**
 * A session that outlives its commands: Java's own channels, which Gogo takes, are closed for good when a thread is interrupted while
 * it uses them, and with them the console's streams. Those here stay open until the console is closed.
 */
final class ConsoleSession extends CommandSessionImpl {

    ConsoleSession(CommandProcessorImpl processor, InputStream in, OutputStream out, OutputStream err) {
        super(processor, in, out, err);
        channels[0] = new Reading(in);
        channels[1] = new Writing(out);
        channels[2] = out == err ? channels[1] : new Writing(err);
    }

    private record Reading(InputStream in) implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer into) throws IOException {
            byte[] bytes = new byte[into.remaining()];
            int count = in.read(bytes);
            if (count > 0) {
                into.put(bytes, 0, count);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // the console's
        }
    }

    private record Writing(OutputStream out) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer from) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            out.write(bytes);
            out.flush();
            return bytes.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // the console's
        }
    }
}
