package io.osmia.agent.internal.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.osmia.api.executor.TaskHandle;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Byte form of the journal's files: {magic, format, body, CRC-32C over all before}. */
final class Records {

    private static final int TASK = 0x4f534d54; // OSMT
    private static final int STATUS = 0x4f534d53; // OSMS
    private static final int FORMAT = 1;
    private static final int LARGEST = 64 << 20;

    private Records() {}

    static byte[] task(Task task, boolean assigned, @Nullable TaskHandle handle) {
        return seal(TASK, out -> {
            out.writeBoolean(assigned);
            bytes(out, task.toBuilder().clearStatus().build().toByteArray());
            out.writeBoolean(handle != null);
            if (handle != null) {
                out.writeUTF(handle.taskId());
                out.writeUTF(handle.specDigest());
                out.writeUTF(handle.executorKind());
                out.writeInt(handle.version());
                bytes(out, handle.data());
            }
        });
    }

    static byte[] status(TaskStatus status) {
        return seal(STATUS, out -> bytes(out, status.toByteArray()));
    }

    /** The entry without its status. */
    static JournalEntry readTask(byte[] file) throws IOException {
        DataInputStream in = open(TASK, file);
        boolean assigned = in.readBoolean();
        Task task = Task.parseFrom(bytes(in));
        TaskHandle handle = in.readBoolean()
                ? new TaskHandle(in.readUTF(), in.readUTF(), in.readUTF(), in.readInt(), bytes(in))
                : null;
        return new JournalEntry(task, assigned, handle, null);
    }

    static TaskStatus readStatus(byte[] file) throws IOException {
        try {
            return TaskStatus.parseFrom(bytes(open(STATUS, file)));
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("not a task status", e);
        }
    }

    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] seal(int magic, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(magic);
            out.writeInt(FORMAT);
            body.write(out);
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to write", e);
        }
        return bytes.toByteArray();
    }

    private static DataInputStream open(int magic, byte[] file) throws IOException {
        int body = file.length - Integer.BYTES;
        if (body < 2 * Integer.BYTES) {
            throw new IOException("too short: " + file.length + " bytes");
        }
        if (ByteBuffer.wrap(file).getInt(body) != checksum(file, body)) {
            throw new IOException("checksum does not match");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Arrays.copyOf(file, body)));
        if (in.readInt() != magic) {
            throw new IOException("not a file of the task journal");
        }
        int format = in.readInt();
        if (format != FORMAT) {
            throw new IOException("format " + format + ", this version reads " + FORMAT);
        }
        return in;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("length " + length + " is out of range");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("cut off");
        }
        return bytes;
    }
}
