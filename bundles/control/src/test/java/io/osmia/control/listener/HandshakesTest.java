package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.Handshakes;
import io.osmia.wire.swarmkit.CAGrpc;
import io.osmia.wire.swarmkit.GetRootCACertificateRequest;
import io.osmia.wire.swarmkit.GetRootCACertificateResponse;
import io.grpc.stub.StreamObserver;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers can take before they have shown a certificate. */
class HandshakesTest {

    private static final String ATTACKER = "127.0.0.2";

    @TempDir
    Path state;

    private ListenerFixture node;
    private final List<Socket> silent = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        node = new ListenerFixture(state).start();
        node.offer(new CAGrpc.CAImplBase() {
            @Override
            public void getRootCACertificate(
                    GetRootCACertificateRequest request, StreamObserver<GetRootCACertificateResponse> answer) {
                answer.onNext(GetRootCACertificateResponse.getDefaultInstance());
                answer.onCompleted();
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : silent) {
            socket.close();
        }
        node.close();
    }

    private void connect(int count) throws Exception {
        String self = node.bound().selfAddress();
        int port = Integer.parseInt(self.substring(self.lastIndexOf(':') + 1));
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(ATTACKER, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            silent.add(socket);
        }
    }

    private void askForRoot(int withinSeconds) throws Exception {
        CAGrpc.newBlockingStub(node.anonymous())
                .withDeadlineAfter(withinSeconds, TimeUnit.SECONDS)
                .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance());
    }

    private void awaitUnfinished(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> node.unfinishedHandshakes() == count);
    }

    @Test
    void connectionsThatSayNothingAreFewAndHinderNobody() throws Exception {
        connect(Handshakes.PER_SOURCE);
        awaitUnfinished(Handshakes.PER_SOURCE);
        connect(300);

        askForRoot(Handshakes.SECONDS);

        assertThat(node.unfinishedHandshakes())
                .as("those that say nothing are there still")
                .isBetween(1, Handshakes.PER_SOURCE);
        assertThat(silent.getLast().getInputStream().read()).as("the one too many is closed").isEqualTo(-1);
    }

    @Test
    void aFinishedHandshakeAndAClosedConnectionCountNoMore() throws Exception {
        askForRoot(30);
        awaitUnfinished(0);
        connect(3);
        awaitUnfinished(3);

        silent.getFirst().close();

        awaitUnfinished(2);
    }

    /** Connections without a network. */
    private static final class Line extends io.netty.channel.embedded.EmbeddedChannel {

        private final InetSocketAddress from;

        Line(String host, int port) {
            from = new InetSocketAddress(host, port);
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return from;
        }
    }

    private final List<String> log = new ArrayList<>();

    private static boolean admit(Handshakes handshakes, Line line) {
        return handshakes.admit(line.remoteAddress(), line::close);
    }

    @Test
    void theSlowestGivesItsPlaceToANewcomer() {
        AtomicLong nanos = new AtomicLong();
        Handshakes handshakes = new Handshakes(2, 10, nanos::get, log::add);
        Line slow = new Line("10.0.0.1", 1);
        assertThat(admit(handshakes, slow)).isTrue();
        nanos.set(TimeUnit.MILLISECONDS.toNanos(600));
        Line second = new Line("10.0.0.1", 2);
        assertThat(admit(handshakes, second)).isTrue();

        assertThat(admit(handshakes, new Line("10.0.0.1", 3))).as("nobody is slow").isFalse();
        assertThat(admit(handshakes, new Line("10.0.0.2", 1))).as("another source").isTrue();
        nanos.set(TimeUnit.MILLISECONDS.toNanos(1_100));
        assertThat(admit(handshakes, new Line("10.0.0.1", 4))).isTrue();

        assertThat(slow.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(handshakes.count()).isEqualTo(3);
        assertThat(log).as("said once").singleElement().asString().contains("at most 2 from one address", "10.0.0.1");
    }

    @Test
    void ofFailuresThereAreFewLinesInTheLog() {
        AtomicLong nanos = new AtomicLong();
        Handshakes handshakes = new Handshakes(2, 10, nanos::get, log::add);
        InetSocketAddress remote = new InetSocketAddress("10.0.0.1", 1);
        handshakes.failed(remote, new IOException("connection reset"));
        handshakes.failed(remote, new DecoderException(new SSLException("not TLS at all: 0a0b0c")));
        assertThat(log).as("nothing that TLS has to say").isEmpty();

        for (int i = 0; i < 100; i++) {
            handshakes.failed(
                    remote,
                    new DecoderException(new SSLHandshakeException("general", new CertificateException("too old"))));
        }
        assertThat(log).containsExactly("no TLS with 10.0.0.1: too old");
        nanos.set(TimeUnit.SECONDS.toNanos(61));
        for (int i = 0; i < 100; i++) {
            handshakes.failed(remote, new SSLHandshakeException("reason " + i));
        }
        assertThat(log).hasSizeLessThan(20);
    }

    @Test
    void whenAllPlacesAreTakenTheGreatestCrowdGivesOneUp() {
        AtomicLong nanos = new AtomicLong();
        Handshakes handshakes = new Handshakes(3, 4, nanos::get, log::add);
        Line lonely = new Line("10.0.0.1", 1);
        admit(handshakes, lonely);
        List<Line> crowd = List.of(new Line("10.0.0.2", 1), new Line("10.0.0.2", 2), new Line("10.0.0.2", 3));
        crowd.forEach(line -> admit(handshakes, line));

        assertThat(admit(handshakes, new Line("10.0.0.3", 1))).isFalse();
        nanos.set(TimeUnit.SECONDS.toNanos(2));
        assertThat(admit(handshakes, new Line("10.0.0.3", 2))).isTrue();

        assertThat(lonely.isOpen()).isTrue();
        assertThat(crowd).extracting(Line::isOpen).containsExactly(false, true, true);
    }
}
