package io.osmia.raft.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.wire.osmia.LogEntry;
import io.osmia.wire.osmia.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static LogEntry entry(int format) {
        return LogEntry.newBuilder()
                .setFormat(format)
                .addTransactions(Transaction.newBuilder().setVersion(9))
                .build();
    }

    @Test
    void theKeyVersionComesFirstAndIsZero() throws IOException {
        byte[] record = Records.encode(entry(1));
        assertThat(record).startsWith(0, 0, 0, 0);
        assertThat(Records.decode(ByteBuffer.wrap(record))).isEqualTo(entry(1));
    }

    @Test
    void aSealedRecordIsRefusedWithItsKeyVersion() {
        byte[] record = Records.encode(entry(1));
        record[3] = 5;
        assertThatThrownBy(() -> Records.decode(ByteBuffer.wrap(record)))
                .hasMessage("sealed with key version 5, which this node does not have");
    }

    @Test
    void aNewerEntryFormatIsRefusedWithBothNumbers() {
        byte[] record = Records.encode(entry(2));
        assertThatThrownBy(() -> Records.decode(ByteBuffer.wrap(record)))
                .hasMessage("a log entry is of format 2, this version of osmia knows formats up to 1");
    }

    @Test
    void anEntryWithoutFormatIsRefused() {
        byte[] record = Records.encode(entry(0));
        assertThatThrownBy(() -> Records.requireKnown(ByteBuffer.wrap(record), false)).hasMessageContaining("format 0");
        assertThatThrownBy(() -> Records.requireKnown(ByteBuffer.allocate(3), true))
                .hasMessageContaining("no key version");
    }

    @Test
    void aSealedRecordIsKnownWithoutItsKey() throws IOException {
        byte[] record = new byte[Records.HEADER_BYTES + 28];
        record[3] = 5;
        Records.requireKnown(ByteBuffer.wrap(record), true);
        assertThatThrownBy(() -> Records.requireKnown(ByteBuffer.wrap(record, 0, 20), true))
                .hasMessageContaining("too short");
        assertThatThrownBy(() -> Records.requireKnown(ByteBuffer.wrap(record), false))
                .hasMessageContaining("key version 5");
    }

    @Test
    void withoutKeysASealedSnapshotIsRefused() throws IOException {
        byte[] sealed = {0, 0, 0, 2};
        assertThat(Records.snapshotKeyVersion(new ByteArrayInputStream(sealed), true)).isEqualTo(2);
        assertThatThrownBy(() -> Records.snapshotKeyVersion(new ByteArrayInputStream(sealed), false))
                .hasMessageContaining("key version 2");
    }
}
