package io.osmia.ca.internal.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A small CA outside of the cluster that speaks the protocol of CFSSL on 127.0.0.1 and demands a client certificate of its
 * root or of another that it is told to trust. Needs Bouncy Castle and Gson, and nothing of the cluster.
 */
public final class CfsslServer implements AutoCloseable {

    private final X509Certificate root;
    private final PrivateKey key;
    private final HttpsServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<Reply> tampering = reply -> reply;

    /**
     * What goes back to the client.
     *
     * @param status of HTTP
     * @param body JSON, unless something was tampered with
     */
    public record Reply(int status, String body) {}

    /**
     * Starts on a free port.
     *
     * @param rootPem the certificate that it signs with
     * @param keyPem its key, PKCS#8 or older
     * @param clientRootsPem roots of the clients' certificates
     */
    public CfsslServer(String rootPem, String keyPem, String clientRootsPem) {
        try {
            root = certificates(rootPem).getFirst();
            key = key(keyPem);
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(configurator(context(certificates(clientRootsPem))));
            server.createContext("/api/v1/cfssl/sign", this::handle);
            server.setExecutor(workers);
            server.start();
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("CFSSL server", e);
        }
    }

    public String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/api/v1/cfssl/sign";
    }

    /** The requests that came in, in order. */
    public List<JsonObject> requests() {
        return List.copyOf(requests);
    }

    /** From now on replies go through this. */
    public void tamper(UnaryOperator<Reply> change) {
        tampering = change;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonObject request = JsonParser.parseString(new String(exchange.getRequestBody().readAllBytes(), UTF_8))
                    .getAsJsonObject();
            requests.add(request);
            Reply reply = tampering.apply(new Reply(200, signed(request)));
            byte[] body = reply.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String signed(JsonObject request) {
        JsonObject answer = new JsonObject();
        JsonArray errors = new JsonArray();
        try {
            JsonObject result = new JsonObject();
            result.addProperty("certificate", pem(sign(request)));
            answer.addProperty("success", true);
            answer.add("result", result);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | RuntimeException e) {
            JsonObject error = new JsonObject();
            error.addProperty("code", 1000);
            error.addProperty("message", String.valueOf(e.getMessage()));
            errors.add(error);
            answer.addProperty("success", false);
        }
        answer.add("errors", errors);
        return answer.toString();
    }

    private X509Certificate sign(JsonObject request)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        JcaPKCS10CertificationRequest csr = csr(request.get("certificate_request").getAsString());
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                root.getSubjectX500Principal(),
                serial(),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                new javax.security.auth.x500.X500Principal(subject(request.getAsJsonObject("subject")).getEncoded()),
                csr.getPublicKey());
        boolean ca = request.has("profile") && request.get("profile").getAsString().equals("CA");
        certificate.addExtension(Extension.keyUsage, true, new KeyUsage(
                ca ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        if (!ca) {
            certificate.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(
                    new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
        }
        addHosts(certificate, request.getAsJsonArray("hosts"));
        addExtensions(certificate, request.getAsJsonArray("extensions"));
        return sign(certificate);
    }

    private static X500Name subject(JsonObject wanted) {
        X500NameBuilder subject = new X500NameBuilder();
        for (JsonElement name : wanted.getAsJsonArray("names")) {
            subject.addRDN(BCStyle.O, name.getAsJsonObject().get("O").getAsString());
            subject.addRDN(BCStyle.OU, name.getAsJsonObject().get("OU").getAsString());
        }
        return subject.addRDN(BCStyle.CN, wanted.get("CN").getAsString()).build();
    }

    private static void addHosts(JcaX509v3CertificateBuilder certificate, JsonArray hosts) throws IOException {
        if (!hosts.isEmpty()) {
            certificate.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(hosts.asList().stream()
                    .map(host -> new GeneralName(GeneralName.dNSName, host.getAsString()))
                    .toArray(GeneralName[]::new)));
        }
    }

    private static void addExtensions(JcaX509v3CertificateBuilder certificate, JsonArray extensions)
            throws IOException {
        for (JsonElement element : extensions == null ? List.<JsonElement>of() : extensions.asList()) {
            JsonObject extension = element.getAsJsonObject();
            certificate.addExtension(
                    new ASN1ObjectIdentifier(extension.get("id").getAsString()),
                    extension.get("critical").getAsBoolean(),
                    ASN1Primitive.fromByteArray(
                            HexFormat.of().parseHex(extension.get("value").getAsString())));
        }
    }

    private X509Certificate sign(JcaX509v3CertificateBuilder certificate)
            throws GeneralSecurityException, OperatorCreationException {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder(algorithm).build(key)));
    }

    /** TLS with a certificate for 127.0.0.1 of its own root. */
    private SSLContext context(List<X509Certificate> clientRoots)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder own = new JcaX509v3CertificateBuilder(
                root.getSubjectX500Principal(),
                serial(),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                new javax.security.auth.x500.X500Principal("CN=cfssl"),
                pair.getPublic());
        own.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        KeyStore identity = KeyStore.getInstance("PKCS12");
        identity.load(null, null);
        identity.setKeyEntry("own", pair.getPrivate(), new char[0], new X509Certificate[] {sign(own)});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(identity, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (X509Certificate clientRoot : clientRoots) {
            trusted.setCertificateEntry(clientRoot.getSerialNumber().toString(), clientRoot);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static HttpsConfigurator configurator(SSLContext context) {
        return new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters needed = context.getDefaultSSLParameters();
                needed.setNeedClientAuth(true);
                parameters.setSSLParameters(needed);
            }
        };
    }

    private static BigInteger serial() {
        return new BigInteger(120, new SecureRandom()).setBit(119);
    }

    private static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static PrivateKey key(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            return switch (parser.readObject()) {
                case org.bouncycastle.asn1.pkcs.PrivateKeyInfo info -> converter.getPrivateKey(info);
                case PEMKeyPair pair -> converter.getKeyPair(pair).getPrivate();
                case null, default -> throw new IllegalArgumentException("no private key");
            };
        }
    }

    private static JcaPKCS10CertificationRequest csr(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) {
                return new JcaPKCS10CertificationRequest(request);
            }
            throw new IllegalArgumentException("no certificate request");
        }
    }

    private static String pem(X509Certificate certificate) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
