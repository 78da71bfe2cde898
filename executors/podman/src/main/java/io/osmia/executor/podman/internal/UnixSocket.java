package io.osmia.executor.podman.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A unix socket as the kind of socket that OkHttp knows. Closing it, or interrupting a thread that reads or writes, ends what
 * it is doing. It has no read timeout: whoever wants one closes it.
 */
final class UnixSocket extends Socket {

    private final Path path;
    private volatile @Nullable SocketChannel channel;
    private volatile boolean closed;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    UnixSocket(Path path) {
        this.path = path;
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
        connect(ignored, 0);
    }

    @Override
    public void connect(SocketAddress ignored, int timeout) throws IOException {
        SocketChannel opened = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel = opened;
        try {
            if (closed) {
                throw new SocketException("closed");
            }
            opened.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private SocketChannel open() throws SocketException {
        SocketChannel open = channel;
        if (open == null || closed) {
            throw new SocketException(closed ? "closed" : "not connected");
        }
        return open;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        SocketChannel open = open();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return length == 0 ? 0 : open.read(ByteBuffer.wrap(into, offset, length));
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        SocketChannel open = open();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                ByteBuffer left = ByteBuffer.wrap(from, offset, length);
                while (left.hasRemaining()) {
                    open.write(left);
                }
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public void shutdownInput() throws IOException {
        inputShut = true;
        open().shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        outputShut = true;
        open().shutdownOutput();
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public boolean isConnected() {
        SocketChannel open = channel;
        return open != null && open.isConnected();
    }

    @Override
    public boolean isBound() {
        return isConnected();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        SocketChannel open = channel;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void setSoTimeout(int timeout) {
        // has none
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // is not TCP
    }
}
