package io.osmia.raft.internal.service;

import static org.awaitility.Awaitility.await;
import com.google.protobuf.ByteString;
import io.osmia.raft.StateCopy;
import io.osmia.raft.StateCopy.Compared;
import io.osmia.roles.ManagerRole;
import io.osmia.roles.MemberChanges;
import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import io.osmia.wire.osmia.StateCheck;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StateComparisonFailureTest {

    private static final StateCheck CHECK =
            StateCheck.newBuilder().setVersion(10).setDigest(ByteString.copyFromUtf8("d")).build();

    private record Role(String nodeId, String clusterId) implements ManagerRole {}

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger concluded = new AtomicInteger();
    private final AtomicReference<Consumer<Compared>> listener = new AtomicReference<>(compared -> {});

    /** Does what the test says, and nothing else. */
    private static <T> T of(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> methods.get(method.getName()).apply(arguments)));
    }

    private Object members() {
        if (asked.incrementAndGet() == 1) {
            throw new IllegalStateException("of a test");
        }
        return List.of();
    }

    @SuppressWarnings("unchecked")
    private Object listen(Object[] arguments) {
        listener.set((Consumer<Compared>) arguments[0]);
        return (Registration) () -> {};
    }

    @Test
    void afterAComparisonThatFailedTheNextOneIsMade() {
        StateComparison comparison = new StateComparison(
                of(Membership.class, Map.of("members", none -> members())),
                of(MemberChanges.class, Map.of()),
                (address, name) -> {
                    throw new IllegalStateException("there are no others");
                },
                of(StateCopy.class, Map.of("onCheck", this::listen, "doubt", why -> concluded.incrementAndGet())),
                new Role("self", "cluster1"));
        try {
            listener.get().accept(new Compared(true, CHECK, CHECK));
            await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 1);
            listener.get().accept(new Compared(true, CHECK, CHECK));
            await().atMost(Duration.ofSeconds(20)).until(() -> concluded.get() == 1);
        } finally {
            comparison.stop();
        }
    }
}
