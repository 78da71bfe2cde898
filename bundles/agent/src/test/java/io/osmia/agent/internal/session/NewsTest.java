package io.osmia.agent.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.roles.SessionNews;
import io.osmia.wire.swarmkit.SessionMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewsTest {

    private final News news = new News(Runnable::run);
    private final List<String> heard = new ArrayList<>();
    private final SessionNews listener = message -> heard.add(message.getSessionId());

    private static SessionMessage message(String id) {
        return SessionMessage.newBuilder().setSessionId(id).build();
    }

    @Test
    void everyMessageIsPassedOnInOrder() {
        news.add(listener);
        news.heard(message("1"));
        news.heard(message("2"));
        assertThat(heard).containsExactly("1", "2");
    }

    @Test
    void theLastMessageWaitsForWhoComesLater() {
        news.heard(message("1"));
        news.heard(message("2"));
        news.add(listener);
        assertThat(heard).containsExactly("2");
    }

    @Test
    void whoLeavesHearsNoMore() {
        news.add(listener);
        news.remove(listener);
        news.heard(message("1"));
        assertThat(heard).isEmpty();
    }

    @Test
    void oneThatFailsKeepsNobodyFromHearing() {
        news.add(message -> {
            throw new IllegalStateException("broken on purpose");
        });
        news.add(listener);
        news.heard(message("1"));
        assertThat(heard).containsExactly("1");
    }
}
