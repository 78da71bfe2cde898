package io.osmia.itests.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.itests.harness.Proxy.Fate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy does to connections what the tests believe. */
class ProxyTest {

    /** How long something is waited for that comes. */
    private static final int PATIENCE_MILLIS = 30_000;

    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.PASS);
    private ServerSocket echo;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort());
        proxy = new Proxy(target, from -> fate.get()).record();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBothWaysAndRecords() throws IOException {
        try (Socket socket = connect()) {
            assertThat(said(socket, "hello")).isEqualTo("hello");
        }
        assertThat(proxy.saw("ello".getBytes(US_ASCII))).isTrue();
        assertThat(proxy.saw("hallo".getBytes(US_ASCII))).isFalse();
        assertThat(proxy.recorded()).isEqualTo(10);
    }

    @Test
    void closesWhatIsOpenAndWhatComes() throws IOException {
        try (Socket socket = connect()) {
            said(socket, "hello");
            fate.set(Fate.CLOSE);
            proxy.apply();
            assertEnded(socket);
        }
        try (Socket socket = connect()) {
            assertEnded(socket);
        }
        fate.set(Fate.PASS);
        try (Socket socket = connect()) {
            assertThat(said(socket, "again")).isEqualTo("again");
        }
    }

    @Test
    void holdsBytesUntilTheyMayPass() throws IOException {
        try (Socket socket = connect()) {
            said(socket, "hello");
            fate.set(Fate.HOLD);
            proxy.apply();
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> said(socket, "later")).isInstanceOf(SocketTimeoutException.class);
            fate.set(Fate.PASS);
            proxy.apply();
            socket.setSoTimeout(PATIENCE_MILLIS);
            assertThat(new String(socket.getInputStream().readNBytes(5), US_ASCII)).isEqualTo("later");
        }
    }

    @Test
    void knowsWhoOpenedAConnection() throws IOException {
        try (Socket socket = connect()) {
            assertThat(SocketOwner.holds(ProcessHandle.current().pid(), socket.getLocalPort(), socket.getPort()))
                    .isTrue();
            assertThat(SocketOwner.holds(1, socket.getLocalPort(), socket.getPort())).isFalse();
        }
    }

    private Socket connect() throws IOException {
        String[] address = proxy.address().split(":");
        Socket socket = new Socket(address[0], Integer.parseInt(address[1]));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String said(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        return new String(socket.getInputStream().readNBytes(text.length()), US_ASCII);
    }

    /** A reset is an end, too. */
    private static void assertEnded(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
