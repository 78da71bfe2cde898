package io.osmia.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.ByteString;
import io.osmia.ca.internal.client.FakeCa;
import io.osmia.ca.internal.client.KnownRemotes;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.osmia.GetLogKeysResponse;
import io.osmia.wire.osmia.LogKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager learns the cluster's log keys from another one. */
class LogKeyFetcherTest {

    @TempDir
    Path folder;

    private NodeCertificates node;
    private FakeCa manager;
    private KnownRemotes remotes;

    @BeforeEach
    void aManager() {
        Queue<String> ids = new ArrayDeque<>(List.of("manager1", "cluster1"));
        node = NodeCertificates.loadOrCreate(folder.resolve("m"), ids::remove, Instant::now);
        manager = new FakeCa(node);
        remotes = new KnownRemotes();
        remotes.observe(new Remote("gone", "127.0.0.1:1"), Remotes.SERVED);
        remotes.observe(new Remote("manager1", manager.address()), Remotes.SERVED);
        manager.logKeys = GetLogKeysResponse.newBuilder()
                .addKeys(key(1))
                .addKeys(key(2))
                .setCurrent(2)
                .build();
    }

    private static LogKey key(int version) {
        byte[] key = new byte[32];
        key[0] = (byte) version;
        return LogKey.newBuilder()
                .setVersion(version)
                .setKey(ByteString.copyFrom(key))
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        manager.close();
    }

    private LogKeyFetcher fetcher() {
        return new LogKeyFetcher(node.channels(), remotes, node.logKeys(), Duration.ofSeconds(30));
    }

    @Test
    void theFirstThatAnswersTeachesAllAndTheCurrentOne() {
        fetcher().fetch();

        assertThat(node.logKeys().versions()).containsExactly(1, 2);
        assertThat(node.logKeys().current()).isEqualTo(2);
        assertThat(node.logKeys().key(2).getEncoded()[0]).isEqualTo((byte) 2);
        fetcher().fetch();
        assertThat(node.logKeys().current()).isEqualTo(2);
    }

    @Test
    void anOlderCurrentOneIsNotGoneBackTo() {
        fetcher().fetch();
        manager.logKeys = manager.logKeys.toBuilder().addKeys(key(3)).setCurrent(1).build();

        fetcher().fetch();

        assertThat(node.logKeys().current()).isEqualTo(2);
        assertThat(node.logKeys().versions()).containsExactly(1, 2, 3);
    }

    @Test
    void whenNobodyAnswersAllReasonsAreSaid() throws Exception {
        manager.close();

        assertThatThrownBy(() -> fetcher().fetch())
                .isInstanceOf(CaException.class)
                .hasMessageContaining("127.0.0.1:1: ")
                .hasMessageContaining(manager.address());
    }
}
