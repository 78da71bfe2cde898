package io.osmia.itests.cluster;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.itests.harness.Node;
import io.osmia.itests.history.Call;
import io.osmia.itests.history.History;
import io.osmia.itests.history.Operation;
import io.osmia.itests.history.Outcome;
import io.osmia.itests.history.Outcome.Refusal;
import io.osmia.itests.history.State;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import io.osmia.wire.swarmkit.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * One client that keeps its values in the labels of configs, and writes down what it asked and was told. Each write carries a
 * value that no other has. Not thread-safe; the history and the values are shared.
 */
final class NamedConfigs {

    private static final String VALUE = "value";
    private static final String BORN = "born";

    /** What this client last saw of an object. */
    private record Known(String id, Version version, State state) {}

    private final int client;
    private final History history;
    private final AtomicLong values;
    private final Duration patience;
    private final Map<String, Known> known = new HashMap<>();

    NamedConfigs(int client, History history, AtomicLong values, Duration patience) {
        this.client = client;
        this.history = history;
        this.values = values;
        this.patience = patience;
    }

    Outcome create(Node manager, String name) {
        long value = values.incrementAndGet();
        ConfigSpec spec = spec(name, new State(value, value));
        return write(name, new Call.Create(value), () -> Optional.of(
                writes(manager).createConfig(CreateConfigRequest.newBuilder().setSpec(spec).build()).getConfig()));
    }

    /** A versioned update of what it last saw; does nothing where it saw none. */
    void update(Node manager, String name) {
        Known last = known.get(name);
        if (last == null) {
            return;
        }
        State next = new State(last.state.born(), values.incrementAndGet());
        UpdateConfigRequest request = UpdateConfigRequest.newBuilder()
                .setConfigId(last.id)
                .setConfigVersion(last.version)
                .setSpec(spec(name, next))
                .build();
        write(name, new Call.Update(next.born(), last.state.value(), next.value()),
                () -> Optional.of(writes(manager).updateConfig(request).getConfig()));
    }

    /** Removes what it last saw; does nothing where it saw none. */
    void remove(Node manager, String name) {
        Known last = known.get(name);
        if (last == null) {
            return;
        }
        write(name, new Call.Remove(last.state.born()), () -> {
            writes(manager).removeConfig(RemoveConfigRequest.newBuilder().setConfigId(last.id).build());
            return Optional.empty();
        });
    }

    /** A linearizable read by name. False when there was no answer, which says nothing and is not written down. */
    boolean read(Node manager, String name) {
        ListConfigsRequest request = ListConfigsRequest.newBuilder()
                .setFilters(ListConfigsRequest.Filters.newBuilder().addNames(name))
                .build();
        long begin = System.nanoTime();
        try {
            Optional<Config> found = patient(manager.linearizable()).listConfigs(request).getConfigsList().stream()
                    .findFirst();
            long end = System.nanoTime();
            know(name, found);
            State seen = found.map(NamedConfigs::state).orElse(State.ABSENT);
            history.add(new Operation(client, name, new Call.Read(), new Outcome.Saw(seen), begin, end));
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private Outcome write(String name, Call call, Supplier<Optional<Config>> sent) {
        long begin = System.nanoTime();
        Outcome outcome;
        try {
            Optional<Config> stored = sent.get();
            outcome = new Outcome.Done();
            know(name, stored);
        } catch (StatusRuntimeException e) {
            outcome = outcome(e.getStatus());
        }
        history.add(new Operation(client, name, call, outcome, begin, System.nanoTime()));
        return outcome;
    }

    private void know(String name, Optional<Config> config) {
        config.ifPresentOrElse(
                found -> known.put(name, new Known(found.getId(), found.getMeta().getVersion(), state(found))),
                () -> known.remove(name));
    }

    private static Outcome outcome(Status status) {
        String text = String.valueOf(status.getDescription());
        return switch (status.getCode()) {
            case ALREADY_EXISTS -> new Outcome.Refused(Refusal.EXISTS);
            case NOT_FOUND -> new Outcome.Refused(Refusal.GONE);
            case UNKNOWN -> text.endsWith("update out of sequence")
                    ? new Outcome.Refused(Refusal.OUT_OF_SEQUENCE)
                    : new Outcome.Unknown();
            case UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED, INTERNAL, RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION ->
                new Outcome.Unknown();
            default -> throw new AssertionError("no answer that a good request should get: " + status);
        };
    }

    private ControlGrpc.ControlBlockingStub writes(Node manager) {
        return patient(manager.control());
    }

    private ControlGrpc.ControlBlockingStub patient(ControlGrpc.ControlBlockingStub stub) {
        return stub.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ConfigSpec spec(String name, State state) {
        return ConfigSpec.newBuilder()
                .setAnnotations(Annotations.newBuilder()
                        .setName(name)
                        .putLabels(BORN, state.born() + "")
                        .putLabels(VALUE, state.value() + ""))
                .setData(ByteString.copyFromUtf8("same"))
                .build();
    }

    private static State state(Config config) {
        Map<String, String> labels = config.getSpec().getAnnotations().getLabelsMap();
        return new State(Long.parseLong(labels.get(BORN)), Long.parseLong(labels.get(VALUE)));
    }
}
