package io.osmia.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at, backing up and restoring a state without a node. */
class OfflineStateTest {

    @TempDir
    private Path stateDir;

    @TempDir
    private Path elsewhere;

    private final MemoryKeys keys = new MemoryKeys();

    private RaftConfig config() {
        return Fixture.config(stateDir, Fixture.LIMITS).withLogKeys(keys);
    }

    private Path backup(View view) throws IOException {
        Path file = elsewhere.resolve("backup");
        try (OutputStream out = Files.newOutputStream(file)) {
            Backup.write("cluster1", view, out);
        }
        return file;
    }

    @Test
    @DisplayName("RAF-021 in intent: what going on alone would keep is told, and nothing is changed")
    void whatWouldBeKeptIsTold() throws Exception {
        try (Fixture node = Fixture.open(config())) {
            node.createMany("a", 40);
        }
        OfflineState state = OfflineState.inspect(stateDir, keys);
        assertThat(state.identity()).isEqualTo(Fixture.IDENTITY);
        assertThat(state.members()).containsExactly("5eed.node1");
        assertThat(state.storeVersion()).isEqualTo(40);
        assertThat(state.objects().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
        assertThat(state.consequences()).anyMatch(line -> line.contains("40 objects"));
    }

    @Test
    void aDirectoryThatANodeHoldsIsRefused() throws Exception {
        try (Fixture node = Fixture.open(config())) {
            node.create("a");
        }
        try (StateDirectory held = StateDirectory.open(stateDir)) {
            assertThat(held.path()).exists();
            assertThatThrownBy(() -> OfflineState.inspect(stateDir, keys))
                    .hasMessageContaining("in use by another node");
        }
    }

    @Test
    void withoutItsKeysASealedStateIsNotRead() throws Exception {
        try (Fixture node = Fixture.open(config())) {
            node.create("a");
        }
        assertThatThrownBy(() -> OfflineState.inspect(stateDir, new MemoryKeys()))
                .hasMessageContaining("key version 1");
    }

    @Test
    void aBackupComesBackAsAClusterOfOne() throws Exception {
        Path file;
        try (Fixture node = Fixture.open(config())) {
            node.createMany("a", 40);
            file = backup(node.raft.view());
        }
        Path fresh = elsewhere.resolve("fresh");
        Backup restored = OfflineState.restore(fresh, file, "node9");
        assertThat(restored.version()).isEqualTo(40);
        RaftConfig again = new RaftConfig(
                fresh,
                RaftIdentity.read(fresh).orElseThrow(),
                "127.0.0.1:4242",
                false,
                () -> Instant.EPOCH,
                Fixture.LIMITS).withLogKeys(new MemoryKeys());
        try (Fixture node = Fixture.open(again)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(40);
            node.createMany("b", 3);
            assertThat(node.raft.view().version()).isEqualTo(43);
        }
        try (Fixture node = Fixture.open(again)) {
            assertThat(node.raft.view().count(Table.NODES)).isEqualTo(43);
        }
        assertThatThrownBy(() -> OfflineState.restore(fresh, file, "node9")).hasMessageContaining("already");
    }

    @Test
    void aDamagedOrForeignBackupIsRefused() throws Exception {
        Path file;
        try (Fixture node = Fixture.open(config())) {
            node.createMany("a", 5);
            file = backup(node.raft.view());
        }
        byte[] whole = Files.readAllBytes(file);
        byte[] newer = whole.clone();
        newer[7] = 9;
        Files.write(file, newer);
        assertThatThrownBy(() -> Backup.open(file)).hasMessageContaining("format 9");
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        Files.write(file, flipped);
        assertThatThrownBy(() -> Backup.open(file)).hasMessageContaining("check sum");
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Backup.open(file)).hasMessageContaining("cut off");
        Files.writeString(file, "something else altogether");
        assertThatThrownBy(() -> Backup.open(file)).hasMessageContaining("no backup");
    }
}
