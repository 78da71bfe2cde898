package io.osmia.ca;

import io.osmia.ca.internal.client.Backoff;
import io.osmia.ca.internal.client.CaClient;
import io.osmia.ca.internal.client.RenewalPlan;
import io.osmia.ca.internal.client.RenewalWish;
import io.osmia.roles.Clock;
import io.osmia.roles.Registration;
import io.osmia.roles.Remotes;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's certificate when it is time, and when told to (rule 7.6). One thread of its own; all methods may be
 * called from any thread and do not block.
 */
public final class CertificateRenewal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    /** A clock that was set is noticed after so long. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** How fast it goes. */
    record Pace(Duration forced, Duration base, Duration factor, Duration most) {

        /** Rules 7.6.2 and 7.6.3. */
        static final Pace STANDARD =
                new Pace(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1));
    }

    private final NodeCertificates certificates;
    private final Supplier<Optional<Path>> controlSocket;
    private final Clock clock;
    private final RandomGenerator random;
    private final Renewal renewal;
    private final Thread thread;
    private final List<Registration> registrations = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final RenewalWish wish;
    private boolean closed;

    // only on the thread
    private @Nullable X509Certificate plannedFor;
    private Instant planned = Instant.MAX;

    /** @param controlSocket this manager's own control socket, asked for at each renewal; empty on a worker */
    public CertificateRenewal(
            NodeCertificates certificates, Remotes remotes, Clock clock, Supplier<Optional<Path>> controlSocket) {
        this(
                certificates,
                clock,
                controlSocket,
                new Renewal(certificates, remotes, clock, new CaClient(CaClient.REAL_TIME, new SecureRandom())),
                Pace.STANDARD,
                new SecureRandom());
    }

    CertificateRenewal(
            NodeCertificates certificates,
            Clock clock,
            Supplier<Optional<Path>> controlSocket,
            Renewal renewal,
            Pace pace,
            RandomGenerator random) {
        this.certificates = certificates;
        this.controlSocket = controlSocket;
        this.clock = clock;
        this.random = random;
        this.renewal = renewal;
        this.wish = new RenewalWish(
                pace.forced(), new Backoff(pace.base(), pace.factor(), pace.most(), random));
        this.thread = Thread.ofPlatform().name("certificate-renewal").daemon(true).unstarted(this::run);
    }

    /** Begins to follow the certificate; once. */
    public void start() {
        registrations.add(certificates.onChange(this::wake));
        registrations.add(certificates.onLocked(this::renewNow));
        thread.start();
    }

    /** Renews until the certificate has this role (rule 7.6.3): the first time soon, then with growing pauses. */
    public void expectRole(String role) {
        locked(() -> wish.expect(role, certificates.role(), System.nanoTime()));
    }

    /** Renews soon, whatever the plan says, until it has succeeded once (rule 7.6.3). */
    public void renewNow() {
        locked(() -> wish.force(System.nanoTime()));
    }

    private void wake() {
        locked(() -> {});
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (isOpen()) {
                attempt(await());
            }
        } catch (InterruptedException ended) {
            LOG.debug("certificate renewal was interrupted");
        }
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Until the next renewal is due; closing interrupts it. */
    private int await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = left().toNanos(); left > 0; left = left().toNanos()) {
                changed.awaitNanos(Math.min(left, LONGEST_WAIT.toNanos()));
            }
            return wish.begin();
        } finally {
            lock.unlock();
        }
    }

    private Duration left() {
        return wish.left(System.nanoTime()).orElseGet(() -> Duration.between(clock.now(), planned()));
    }

    /** One time for each certificate. */
    private Instant planned() {
        X509Certificate present = certificates.certificate();
        if (!present.equals(plannedFor)) {
            plannedFor = present;
            planned = RenewalPlan.of(present, random);
        }
        return planned;
    }

    private void attempt(int begun) {
        try {
            renewal.carryOut(controlSocket.get());
            String role = certificates.role();
            lock.lock();
            try {
                if (!wish.succeeded(begun, role, System.nanoTime())) {
                    LOG.info("the new certificate is of a {}, another role is expected: tried again later", role);
                    return;
                }
            } finally {
                lock.unlock();
            }
            LOG.info("the certificate was renewed, role {}, until {}", role,
                    certificates.certificate().getNotAfter().toInstant());
        } catch (CaException e) {
            failed(e.getMessage(), null);
        } catch (RuntimeException e) {
            failed(e.toString(), e);
        }
    }

    private void failed(String reason, @Nullable RuntimeException unexpected) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            wish.failed(System.nanoTime());
            LOG.warn("the certificate, good until {}, could not be renewed, failure {} in a row: {}",
                    certificates.certificate().getNotAfter().toInstant(), wish.failures(), reason, unexpected);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, and a renewal that is on its way; waits 5 s at most. */
    @Override
    public void close() {
        registrations.forEach(Registration::close);
        locked(() -> closed = true);
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                LOG.warn("certificate-renewal is still busy after 5 s, left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
