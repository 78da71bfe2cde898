package io.osmia.executor.podman.internal;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Signals of Linux by name, as numbers: Podman's API takes nothing else for the stop signal. */
final class Signals {

    static final int KILL = 9;
    static final int TERM = 15;

    private static final int RTMIN = 34;
    private static final int RTMAX = 64;

    /** Numbers of Linux on x86 and ARM, which differ on no signal named here. */
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("TRAP", 5),
            Map.entry("ABRT", 6),
            Map.entry("BUS", 7),
            Map.entry("FPE", 8),
            Map.entry("KILL", KILL),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", TERM),
            Map.entry("CHLD", 17),
            Map.entry("CONT", 18),
            Map.entry("STOP", 19),
            Map.entry("TSTP", 20),
            Map.entry("TTIN", 21),
            Map.entry("TTOU", 22),
            Map.entry("URG", 23),
            Map.entry("XCPU", 24),
            Map.entry("XFSZ", 25),
            Map.entry("VTALRM", 26),
            Map.entry("PROF", 27),
            Map.entry("WINCH", 28),
            Map.entry("IO", 29),
            Map.entry("PWR", 30),
            Map.entry("SYS", 31),
            Map.entry("RTMIN", RTMIN),
            Map.entry("RTMAX", RTMAX));

    private Signals() {}

    /** The number of {@code SIGTERM}, {@code TERM}, {@code RTMIN+3} or {@code 15}; empty when there is none. */
    static OptionalInt number(String signal) {
        String name = signal.toUpperCase(Locale.ROOT);
        if (name.matches("[1-9][0-9]?")) {
            return upToMax(Integer.parseInt(name));
        }
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        if (bare.matches("RTMIN\\+[0-9]{1,2}")) {
            return upToMax(RTMIN + Integer.parseInt(bare.substring("RTMIN+".length())));
        }
        Integer number = NUMBERS.get(bare);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static OptionalInt upToMax(int number) {
        return number <= RTMAX ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
