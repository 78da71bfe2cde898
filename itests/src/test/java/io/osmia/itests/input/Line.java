package io.osmia.itests.input;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection to a listener, below HTTP/2. */
final class Line implements AutoCloseable {

    private static final int BOUND_MILLIS = 20_000;

    private final AutoCloseable connection;
    private final InputStream in;
    private final OutputStream out;

    private Line(AutoCloseable connection, InputStream in, OutputStream out) {
        this.connection = connection;
        this.in = in;
        this.out = out;
    }

    static Line local(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        return new Line(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    static Line remote(InetSocketAddress address) throws IOException {
        Socket socket = connect(address);
        return new Line(socket, socket.getInputStream(), socket.getOutputStream());
    }

    /** With TLS, and nothing known of us. */
    static Line remoteTls(InetSocketAddress address) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        Socket plain = connect(address);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "node", address.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new Line(socket, socket.getInputStream(), socket.getOutputStream());
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, BOUND_MILLIS);
        socket.setSoTimeout(BOUND_MILLIS);
        return socket;
    }

    /** Sends this and reads until the other side closes. A reset is a way to close, too. */
    byte[] send(byte[] bytes) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            out.write(bytes);
            out.flush();
            in.transferTo(answer);
        } catch (SocketException e) {
            return answer.toByteArray();
        }
        return answer.toByteArray();
    }

    /** Sends this and says that it was all; returns when the other side has closed, too. */
    void sendAndEnd(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        switch (connection) {
            case SocketChannel channel -> channel.shutdownOutput();
            case Socket socket -> socket.shutdownOutput();
            default -> throw new IllegalStateException("no socket: " + connection);
        }
        in.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
