package io.osmia.control.listener;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.osmia.wire.swarmkit.ControlGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rule 8.8.5, with a clock of the test's own. */
class LeadersTest {

    private static final MethodDescriptor<?, ?> CREATE = ControlGrpc.getCreateSecretMethod();

    private final AtomicLong nanos = new AtomicLong();
    private final Services services = new Services();
    private final TestMembership membership = new TestMembership();

    /** Each look at the clock is two seconds later than the one before. */
    private final Leaders leaders = new Leaders(
            services, "self", Duration.ofSeconds(10), () -> nanos.getAndAdd(TimeUnit.SECONDS.toNanos(2)));

    @AfterEach
    void close() {
        leaders.close();
    }

    private Leaders.Target await() {
        return leaders.await(Reach.REMOTE, CREATE, Optional.empty(), Optional.empty(), leaders.patience());
    }

    private static Status status(Leaders.Target target) {
        return ((Leaders.Nobody) target).status();
    }

    @Test
    void aClusterThatIsLongWithoutALeaderSaysSo() {
        services.addMembership(membership);

        Status status = status(await());

        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription())
                .isEqualTo("The swarm does not have a leader. It's possible that too few managers are online. Make"
                        + " sure more than half of the managers are online.");
        long before = nanos.get();
        assertThat(status(await()).getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(nanos.get() - before).as("the second call does not wait")
                .isLessThan(Duration.ofSeconds(9).toNanos());
    }

    @Test
    void aLeaderWhoseServicesDoNotComeIsToldAsBefore() {
        services.addMembership(membership);
        membership.leads("self", "127.0.0.1:1");

        assertThat(status(await()))
                .satisfies(status -> assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void aManagerThatStopsKeepsNobodyWaiting() {
        services.addMembership(membership);
        leaders.close();

        assertThat(status(await()).getDescription()).startsWith("this manager stops");
    }
}
