package io.osmia.store.internal;

import com.google.protobuf.Message;
import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A state as a stream, object by object, so that neither side holds a second copy: {@code OSMS}, format number, version;
 * for each object its table's number, its length and its bytes; a zero, the number of objects, and the CRC-32C of all
 * before it. Numbers are big-endian.
 */
public final class Snapshots {

    private static final int MAGIC = 0x4F534D53;
    private static final int FORMAT = 1;
    private static final int END = 0;

    private Snapshots() {}

    public static void write(View view, OutputStream target) throws IOException {
        CRC32C sum = new CRC32C();
        BufferedOutputStream buffer = new BufferedOutputStream(target, 1 << 16);
        DataOutputStream out = new DataOutputStream(new CheckedOutputStream(buffer, sum));
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeLong(view.version());
        long count = 0;
        for (Table<?> table : Table.ALL) {
            for (Message object : view.find(table, By.ALL)) {
                byte[] bytes = object.toByteArray();
                out.writeByte(table.number());
                out.writeInt(bytes.length);
                out.write(bytes);
                count++;
            }
        }
        out.writeByte(END);
        out.writeLong(count);
        out.writeInt((int) sum.getValue());
        out.flush();
    }

    /**
     * Reads to the end of the snapshot, and maybe further.
     *
     * @throws IOException when it is damaged, cut off, or of a newer format
     */
    public static State read(InputStream source, Sharing sharing) throws IOException {
        CRC32C sum = new CRC32C();
        DataInputStream in =
                new DataInputStream(new CheckedInputStream(new BufferedInputStream(source, 1 << 16), sum));
        try {
            if (in.readInt() != MAGIC) {
                throw new IOException("not a snapshot of the store");
            }
            int format = in.readInt();
            if (format != FORMAT) {
                throw new IOException("snapshot has format " + format + ", this version reads " + FORMAT);
            }
            return readObjects(in, in.readLong(), sharing, sum);
        } catch (EOFException e) {
            throw new IOException("snapshot of the store is cut off", e);
        }
    }

    private static State readObjects(DataInputStream in, long version, Sharing sharing, CRC32C sum)
            throws IOException {
        TableState<?>[] tables = State.EMPTY.tables();
        long count = 0;
        for (int number = in.readUnsignedByte(); number != END; number = in.readUnsignedByte()) {
            if (number > tables.length) {
                throw new IOException("snapshot of the store is damaged: table " + number);
            }
            int length = in.readInt();
            byte[] bytes = in.readNBytes(Math.max(0, length));
            if (bytes.length != length) {
                throw new EOFException();
            }
            tables[number - 1] = read(tables[number - 1], bytes, sharing);
            count++;
        }
        if (in.readLong() != count) {
            throw new IOException(
                    "snapshot of the store is damaged: it has " + count + " objects, not as many as it says");
        }
        int expected = (int) sum.getValue();
        if (in.readInt() != expected) {
            throw new IOException("snapshot of the store is damaged: wrong check sum");
        }
        return new State(version, tables);
    }

    private static <T extends Message> TableState<T> read(TableState<T> table, byte[] bytes, Sharing sharing)
            throws IOException {
        return table.with(sharing.share(table.schema().parser().parseFrom(bytes), null));
    }
}
