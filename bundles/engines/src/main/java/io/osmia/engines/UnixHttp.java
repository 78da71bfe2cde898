package io.osmia.engines;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One call to an engine. By HTTP/1.0, where the end of the connection is the end of the answer. */
final class UnixHttp {

    private static final String END_OF_HEADERS = "\r\n\r\n";

    private UnixHttp() {}

    /** What came back. */
    record Answer(int status, String body) {}

    static Answer call(Path socket, String method, String path, String type, byte[] body) throws IOException {
        String head = method + " " + path + " HTTP/1.0\r\nHost: engine\r\nContent-Type: " + type
                + "\r\nContent-Length: " + body.length + END_OF_HEADERS;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, body);
            return answer(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static Answer answer(String text) throws IOException {
        int end = text.indexOf(END_OF_HEADERS);
        if (end < 0 || !text.startsWith("HTTP/1.")) {
            throw new IOException("not an answer of HTTP: " + text);
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(end + END_OF_HEADERS.length()));
    }
}
