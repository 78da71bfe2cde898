package io.osmia.shell.internal.text;

import com.google.protobuf.Duration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/** Durations as Go writes them: {@code 1h30m}, {@code 500ms}, {@code 1.5s}. */
public final class GoDuration {

    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L, "us", 1_000L, "µs", 1_000L, "ms", 1_000_000L, "s", SECOND, "m", 60 * SECOND, "h", 3600 * SECOND);

    private GoDuration() {}

    /** Throws IllegalArgumentException with a message for the user. */
    public static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        BigDecimal nanos = rest.equals("0") ? BigDecimal.ZERO : sum(rest, text);
        long total = exact(negative ? nanos.negate() : nanos, text);
        return Duration.newBuilder().setSeconds(total / SECOND).setNanos((int) (total % SECOND)).build();
    }

    private static BigDecimal sum(String rest, String text) {
        BigDecimal sum = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length() || at == 0) {
            int unitStart = at;
            while (unitStart < rest.length() && isNumeric(rest.charAt(unitStart))) {
                unitStart++;
            }
            int unitEnd = unitStart;
            while (unitEnd < rest.length() && !isNumeric(rest.charAt(unitEnd))) {
                unitEnd++;
            }
            Long unit = NANOS.get(rest.substring(unitStart, unitEnd));
            if (unit == null || unitStart == at) {
                throw invalid(text);
            }
            sum = sum.add(number(rest.substring(at, unitStart), text).multiply(BigDecimal.valueOf(unit)));
            at = unitEnd;
        }
        return sum;
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static BigDecimal number(String digits, String text) {
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
    }

    private static long exact(BigDecimal nanos, String text) {
        try {
            return nanos.setScale(0, RoundingMode.DOWN).longValueExact();
        } catch (ArithmeticException e) {
            throw invalid(text);
        }
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("invalid duration '" + text + "', write it like 5s, 1m30s or 500ms");
    }

    /** The shortest form, such as {@code 1m30s}. */
    public static String format(Duration duration) {
        java.time.Duration time = java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
        String text = time.toString().substring(2).toLowerCase(Locale.ROOT);
        return text;
    }
}
