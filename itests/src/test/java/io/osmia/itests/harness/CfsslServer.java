package io.osmia.itests.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A CA outside of the cluster that signs with a root it was given, for whoever has a certificate of that root (rule 7.11). */
public final class CfsslServer implements AutoCloseable {

    private static final char[] NO_PASSWORD = {};

    private final Pki.Root root;
    private final HttpsServer server;
    private final List<String> signed = new CopyOnWriteArrayList<>();

    public CfsslServer(Pki.Root root) throws IOException, GeneralSecurityException {
        this.root = root;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext context = context();
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/sign", this::handle);
        server.start();
    }

    public String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/sign";
    }

    /** The names, CN, of those that it has signed for. */
    public List<String> signed() {
        return List.copyOf(signed);
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyPair keys = Pki.p256();
        X509Certificate own = root.issue(
                new X500Name("CN=outside"), keys.getPublic(), Instant.now().minus(Duration.ofHours(1)),
                Duration.ofDays(2),
                "127.0.0.1", "localhost");
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(null, NO_PASSWORD);
        identity.setKeyEntry("own", keys.getPrivate(), NO_PASSWORD, new X509Certificate[] {own});
        identity.setCertificateEntry("root", root.certificate());
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(identity, NO_PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(identity);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonObject request = JsonParser.parseString(new String(exchange.getRequestBody().readAllBytes(), UTF_8))
                    .getAsJsonObject();
            JsonObject result = new JsonObject();
            result.addProperty("certificate", sign(request));
            JsonObject answer = new JsonObject();
            answer.addProperty("success", true);
            answer.add("result", result);
            byte[] body = answer.toString().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String sign(JsonObject request) throws IOException {
        JsonObject subject = request.getAsJsonObject("subject");
        X500NameBuilder name = new X500NameBuilder();
        for (JsonElement part : subject.getAsJsonArray("names")) {
            name.addRDN(BCStyle.O, part.getAsJsonObject().get("O").getAsString());
            name.addRDN(BCStyle.OU, part.getAsJsonObject().get("OU").getAsString());
        }
        String node = subject.get("CN").getAsString();
        String[] hosts = StreamSupport.stream(request.getAsJsonArray("hosts").spliterator(), false)
                .map(JsonElement::getAsString)
                .toArray(String[]::new);
        X509Certificate certificate = root.issue(
                name.addRDN(BCStyle.CN, node).build(),
                key(request.get("certificate_request").getAsString()),
                Instant.now().minus(Duration.ofHours(1)),
                Duration.ofDays(90),
                hosts);
        signed.add(node);
        return Pki.pem(certificate);
    }

    private static PublicKey key(String request) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(request))) {
            return new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject()).getPublicKey();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
