package io.osmia.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code osmia node leave}: takes the node of a state directory out of its cluster. The node that runs does it: it finds the
 * file {@code leave} when it is told to stop, ends its tasks, and removes what makes it a node of that cluster.
 */
final class Leave {

    /** The node's own bounds for ending tasks and stopping are shorter. */
    private static final Duration STOP = Duration.ofSeconds(60);

    /** The certificate goes last: without it nobody could say any more what is left over. */
    private static final List<String> IDENTITY = List.of("worker", "raft", "state.json", "certificates");

    private static final String REQUEST = "leave";
    private static final String MANAGER = "OU=swarm-manager";

    private final Path stateDir;
    private final boolean force;
    private final PrintStream out;

    Leave(Path stateDir, boolean force, PrintStream out) {
        this.stateDir = stateDir;
        this.force = force;
        this.out = out;
    }

    void run() throws UsageException, IOException, InterruptedException {
        X509Certificate certificate = certificate();
        String id = id(certificate);
        if (!force && certificate.getSubjectX500Principal().getName().contains(MANAGER)) {
            throw new UsageException(
                    "node " + id + " is a manager; make it a worker first, with 'osmia node demote " + id
                            + "' at a manager. --force leaves all the same, and its cluster may lose its quorum");
        }
        Optional<RunningNode> running = RunningNode.of(stateDir);
        if (running.isPresent()) {
            stop(running.get());
        } else if (force) {
            IDENTITY.forEach(this::remove);
        } else {
            throw new UsageException(
                    "no node runs on " + stateDir + ", so nobody would end its tasks; start it and say this "
                            + "again. --force removes its identity all the same, and leaves what still runs to itself");
        }
        out.println("node " + id + " has left its cluster; 'osmia node rm --force " + id + "' at a manager "
                + "removes what is known of it there");
    }

    private void stop(RunningNode node) throws UsageException, IOException, InterruptedException {
        Path request = stateDir.resolve(REQUEST);
        if (!Files.exists(request)) {
            Files.createFile(request);
        }
        if (!node.stop(STOP)) {
            throw new UsageException(
                    "the node (pid " + node.process().pid() + ") was asked to leave and still runs after "
                            + STOP.toSeconds() + " s; look at its log. It leaves when it ends");
        }
        if (Files.exists(request)) {
            throw new UsageException("the node ended before it had left; start it and say this again");
        }
    }

    private X509Certificate certificate() throws UsageException, IOException {
        Path file = stateDir.resolve("certificates").resolve("swarm-node.crt");
        if (!Files.exists(file)) {
            throw new UsageException(
                    "there is no node in " + stateDir + " that could leave a cluster (no " + file + ")");
        }
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
        } catch (CertificateException e) {
            throw new UsageException(file + " is no certificate: " + e.getMessage());
        }
    }

    private static String id(X509Certificate certificate) {
        return Stream.of(certificate.getSubjectX500Principal().getName().split(","))
                .filter(part -> part.startsWith("CN="))
                .map(part -> part.substring("CN=".length()))
                .findFirst()
                .orElse("without a name");
    }

    private void remove(String name) {
        Path path = stateDir.resolve(name);
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
