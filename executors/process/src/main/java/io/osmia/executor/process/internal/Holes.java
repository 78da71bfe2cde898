package io.osmia.executor.process.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gives the disk space at the head of a file back, by the C library; its size and what follows stay where they are. */
final class Holes {

    /** FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE. */
    private static final int KEEP_SIZE_PUNCH_HOLE = 1 | 2;

    /** O_WRONLY and O_CLOEXEC, the same on x86 and ARM. */
    private static final int WRITE_ONLY = 1 | 0x80000;

    private Holes() {}

    /** Why the file system of this folder cannot do it; empty when it can. Leaves nothing behind. */
    static String objection(Path folder) {
        try {
            Path probe = Files.createTempFile(folder, ".", "probe");
            try {
                Files.write(probe, new byte[8192]);
                punch(probe, 4096);
                return "";
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The first so many bytes read as zeros from now on. */
    static void punch(Path file, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.STATE);
            int descriptor = (int) Native.OPEN.invokeExact(state, arena.allocateFrom(file.toString()), WRITE_ONLY);
            if (descriptor < 0) {
                throw failure("open", file, state);
            }
            int done = (int) Native.FALLOCATE.invokeExact(state, descriptor, KEEP_SIZE_PUNCH_HOLE, 0L, length);
            int ignored = (int) Native.CLOSE.invokeExact(descriptor);
            if (done != 0) {
                throw failure("fallocate", file, state);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library cannot be called", e);
        }
    }

    private static IOException failure(String call, Path file, MemorySegment state) {
        return new IOException(call + " of " + file + " failed with errno " + (int) Native.ERRNO.get(state, 0L));
    }

    /** Linked on first use. */
    private static final class Native {

        private static final Linker LINKER = Linker.nativeLinker();
        private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

        static final MethodHandle OPEN = LINKER.downcallHandle(
                symbol("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                CAPTURE,
                Linker.Option.firstVariadicArg(2));

        static final MethodHandle FALLOCATE = LINKER.downcallHandle(
                symbol("fallocate"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                CAPTURE);

        static final MethodHandle CLOSE = LINKER.downcallHandle(
                symbol("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private static MemorySegment symbol(String name) {
            return LINKER.defaultLookup().find(name).orElseThrow();
        }
    }
}
