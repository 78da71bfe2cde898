package io.osmia.executor.process.internal;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Sends signals by the C library: no process is started to end another, and every signal can be sent. */
final class Signals {

    static final int KILL = 9;
    static final int TERM = 15;

    /** Numbers of Linux on x86 and ARM, which differ on no signal named here. */
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ABRT", 6),
            Map.entry("KILL", KILL),
            Map.entry("USR1", 10),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", TERM),
            Map.entry("CONT", 18),
            Map.entry("STOP", 19),
            Map.entry("TSTP", 20),
            Map.entry("WINCH", 28));

    private Signals() {}

    /** The number of {@code SIGTERM}, {@code TERM} or {@code 15}; empty when there is none. */
    static OptionalInt number(String signal) {
        String name = signal.toUpperCase(Locale.ROOT);
        if (name.matches("[1-9][0-9]?")) {
            int number = Integer.parseInt(name);
            return number <= 64 ? OptionalInt.of(number) : OptionalInt.empty();
        }
        Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Sends the signal if the process is still the same one; a process that is gone is no error. */
    static void send(ProcFs.Identity process, int signal) {
        if (process.pid() > 1 && process.alive()) {
            try {
                int ignored = (int) Native.KILL_FUNCTION.invokeExact((int) process.pid(), signal);
            } catch (Throwable e) {
                throw new IllegalStateException("kill(2) cannot be called", e);
            }
        }
    }

    /** Linked on first use: it costs a start some milliseconds. */
    private static final class Native {
        static final MethodHandle KILL_FUNCTION = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().find("kill").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
}
