package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.RootCa;
import io.osmia.ca.internal.Certificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks with external CAs in the manner of CFSSL (rule 7.11), showing this manager's certificate. Thread-safe. */
public final class Cfssl implements ExternalCas, AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final int GREATEST_ANSWER = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Cfssl.class);
    private static final int HTTPS = 443;

    private record Client(ByteString roots, HttpClient http) {}

    private final X509KeyManager own;
    private final Duration timeout;
    private final Object lock = new Object();
    // guarded by lock
    private @Nullable Client client;

    public Cfssl(X509KeyManager own) {
        this(own, TIMEOUT);
    }

    Cfssl(X509KeyManager own, Duration timeout) {
        this.own = own;
        this.timeout = timeout;
    }

    @Override
    public boolean reachable(String url, ByteString root) {
        URI uri;
        try {
            uri = https(url);
        } catch (CaException invalid) {
            LOG.warn("external CA {}: {}", url, invalid.getMessage());
            return false;
        }
        int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host(uri), port), millis());
            SSLContext context = ExternalTls.context(own, Certificates.parse(root.toByteArray()));
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, host(uri), port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.setSoTimeout(millis());
                socket.startHandshake();
                return true;
            }
        } catch (IOException | CaException e) {
            LOG.warn("external CA {} does not answer with a certificate of its root: {}", url, e.getMessage());
            return false;
        }
    }

    @Override
    public ByteString crossSign(List<String> urls, ByteString current, RootCa next) {
        return switch (sign(urls, current, CfsslRequest.crossSigning(next))) {
            case Outcome.Issued(var certificate) -> certificate;
            case Outcome.Later(var why) -> throw new CaException(why);
            case Outcome.Refused(var why) -> throw new CaException(why);
        };
    }

    /**
     * Asks one CA after the other until one signs.
     *
     * @param urls at least one
     * @param roots PEM of what their certificates must verify under
     * @return the certificate alone; Later when one of them may yet sign
     */
    Outcome sign(List<String> urls, ByteString roots, CfsslRequest request) {
        List<Outcome> failures = new ArrayList<>();
        for (String url : urls) {
            Outcome outcome = sign(url, roots, request);
            if (outcome instanceof Outcome.Issued) {
                return outcome;
            }
            failures.add(outcome);
        }
        return failures.stream()
                .filter(Outcome.Later.class::isInstance)
                .findFirst()
                .orElseGet(failures::getLast);
    }

    private Outcome sign(String url, ByteString roots, CfsslRequest request) {
        try {
            HttpRequest post = HttpRequest.newBuilder(https(url))
                    .timeout(timeout)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(request.json()))
                    .build();
            HttpResponse<byte[]> answer = send(client(roots), post);
            return CfsslAnswer.read(answer.statusCode(), answer.body());
        } catch (IOException | CaException e) {
            return new Outcome.Later(
                    "unable to perform certificate signing request: " + url + ": " + e.getMessage());
        }
    }

    /** Within the time as a whole: the request's own time ends with the headers of the answer. */
    private HttpResponse<byte[]> send(HttpClient http, HttpRequest post) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(post, BodyHandlers.limiting(BodyHandlers.ofByteArray(), GREATEST_ANSWER));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    private HttpClient client(ByteString roots) {
        synchronized (lock) {
            if (client != null && client.roots().equals(roots)) {
                return client.http();
            }
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(timeout)
                    .sslContext(ExternalTls.context(own, Certificates.parse(roots.toByteArray())))
                    .build();
            shutdown();
            client = new Client(roots, http);
            return http;
        }
    }

    private static URI https(String url) {
        try {
            URI uri = URI.create(url);
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException notAUrl) {
            throw new CaException("not a URL", notAUrl);
        }
        throw new CaException("not a URL of the form https://host/path");
    }

    /** Without the brackets of an IPv6 address. */
    private static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private int millis() {
        return (int) timeout.toMillis();
    }

    private void shutdown() {
        if (client != null) {
            client.http().shutdown();
        }
    }

    /** Requests under way end by themselves. */
    @Override
    public void close() {
        synchronized (lock) {
            shutdown();
            client = null;
        }
    }
}
