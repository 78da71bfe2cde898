package io.osmia.control.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.osmia.api.NodeFacts;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.scheduler.PlacementRules;
import io.osmia.store.LocalStore;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.ControlGrpc.ControlBlockingStub;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Placement;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The Control service of a leader, spoken to through gRPC within the process. */
public final class TestCluster implements AutoCloseable {

    public static final String ID = "cluster00000000000000000a";
    public static final String SELF = "node000000000000000000000";
    static final long TERM = 7;

    /** May be moved by tests. */
    public Instant now = Instant.parse("2026-03-01T12:00:00Z");

    public final LocalStore store = new LocalStore(() -> now);
    public final List<Membership.Member> members = new ArrayList<>();

    /** What removing a member would do to the quorum, by raft id. */
    public final Map<Long, MemberChanges.QuorumLoss> objections = new HashMap<>();

    public final ControlBlockingStub api;

    private final AtomicInteger ids = new AtomicInteger();
    private final Server server;
    private final ManagedChannel channel;

    public TestCluster() {
        store.requireTerm(TERM);
        members.add(new Membership.Member(1, SELF, "127.0.0.1:4242", "", true, true));
        String name = InProcessServerBuilder.generateName();
        try {
            server = InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .addService(service())
                    .build()
                    .start();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        api = ControlGrpc.newBlockingStub(channel);
    }

    /** Both halves of the service in one, as the listeners put them together. */
    private ServerServiceDefinition service() {
        ServerServiceDefinition.Builder whole = ServerServiceDefinition.builder(ControlGrpc.getServiceDescriptor());
        reads().bindService().getMethods().forEach(whole::addMethod);
        writes().bindService().getMethods().forEach(whole::addMethod);
        return whole.build();
    }

    private ControlReads reads() {
        return new ControlReads(new Manager(), new Members(), new Placements(), store);
    }

    private ControlWrites writes() {
        return new ControlWrites(
                new Founded() {},
                () -> TERM,
                new Manager(),
                new Members(),
                new Changes(),
                new NoCredentials(),
                new Placements(),
                store,
                () -> now,
                () -> String.format("%025d", ids.incrementAndGet()));
    }

    /** Puts an object into the store, past the API. */
    public <T extends Message> T put(Table<T> table, T object) {
        return store.update(TERM, tx -> tx.create(table, object));
    }

    /** Replaces an object in the store, past the API. */
    public <T extends Message> T replace(Table<T> table, T object) {
        return store.update(TERM, tx -> tx.update(table, object));
    }

    public <T extends Message> T get(Table<T> table, String id) {
        T object = store.view().get(table, id);
        assertThat(object).as("%s %s", table, id).isNotNull();
        return object;
    }

    /** How the call is refused, as {@code CODE: text}. */
    public static String refusalOf(ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).as("the call was accepted").isNotNull();
        return String.valueOf(refusal.getMessage());
    }

    /** A spec without anything that is not mandatory. */
    public static ServiceSpec.Builder spec(String name) {
        ServiceSpec.Builder spec = ServiceSpec.newBuilder();
        spec.getAnnotationsBuilder().setName(name);
        spec.getTaskBuilder().getContainerBuilder().setImage("osmia/host");
        spec.getReplicatedBuilder().setReplicas(2);
        return spec;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        store.close();
    }

    /** Nodes meet every constraint but one that speaks of {@code nowhere}. */
    private static final class Placements implements PlacementRules {
        @Override
        public Match check(Placement placement, Node node) {
            return placement.getConstraintsList().toString().contains("nowhere") ? Match.NO : Match.YES;
        }

        @Override
        public NodeFacts facts(Node node) {
            throw new UnsupportedOperationException("nobody here asks for facts");
        }

        @Override
        public Registration onChange(Runnable listener) {
            throw new UnsupportedOperationException("nobody here waits for changes");
        }
    }

    static final class Manager implements ManagerRole {
        @Override
        public String nodeId() {
            return SELF;
        }

        @Override
        public String clusterId() {
            return ID;
        }
    }

    /** Answers with {@link #objections} and changes nothing. */
    private final class Changes implements MemberChanges {
        @Override
        public void add(Membership.Member newcomer) {
            throw new UnsupportedOperationException("nobody here adds members");
        }

        @Override
        public void remove(long raftId) {
            throw new UnsupportedOperationException("the role manager removes members");
        }

        @Override
        public Optional<QuorumLoss> objection(long raftId) {
            return Optional.ofNullable(objections.get(raftId));
        }

        @Override
        public void transferLeadership(OptionalLong raftId) {
            throw new UnsupportedOperationException("nobody here moves leadership");
        }
    }

    private final class Members implements Membership {
        @Override
        public List<Member> members() {
            return List.copyOf(members);
        }

        @Override
        public Registration onChange(Runnable listener) {
            throw new UnsupportedOperationException("nobody here waits for changes");
        }
    }
}
