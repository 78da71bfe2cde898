package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.osmia.roles.ManagerLink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinksTest {

    private final Links links = new Links(Runnable::run);
    private final List<String> heard = new ArrayList<>();
    private final ManagedChannel first = InProcessChannelBuilder.forName("first").build();
    private final ManagedChannel second = InProcessChannelBuilder.forName("second").build();
    private final ManagerLink listener = new ManagerLink() {
        @Override
        public void up(Channel manager) {
            heard.add("up " + name(manager));
        }

        @Override
        public void down(Channel manager) {
            heard.add("down " + name(manager));
        }
    };

    private String name(Channel manager) {
        return manager.equals(first) ? "first" : "second";
    }

    @AfterEach
    void close() {
        first.shutdownNow();
        second.shutdownNow();
    }

    @Test
    void theyAreToldInOrderAndOnceEach() {
        links.add(listener);
        links.down(first);
        links.up(first);
        links.down(first);
        links.up(second);
        links.down(first);
        assertThat(heard).containsExactly("up first", "down first", "up second");
    }

    @Test
    void whoComesLaterHearsOfThePresentOneAndWhoLeavesOfItsEnd() {
        links.up(first);
        links.add(listener);
        links.remove(listener);
        links.down(first);
        assertThat(heard).containsExactly("up first", "down first");
    }

    @Test
    void oneThatFailsKeepsNobodyFromHearing() {
        links.add(new ManagerLink() {
            @Override
            public void up(Channel manager) {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void down(Channel manager) {
                throw new IllegalStateException("broken on purpose");
            }
        });
        links.add(listener);
        links.up(first);
        assertThat(heard).containsExactly("up first");
    }
}
