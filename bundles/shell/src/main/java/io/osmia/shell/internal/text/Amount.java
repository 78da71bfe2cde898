package io.osmia.shell.internal.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Sizes and processor shares, read and written. */
public final class Amount {

    private static final String UNITS = "bkmgtp";
    private static final String[] IEC = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int CPU_DECIMALS = 9;
    private static final int STEP = 1024;

    private Amount() {}

    /** Bytes from a form such as {@code 512m} or {@code 1.5GiB}; units count in 1024. */
    public static long bytes(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int end = lower.length();
        while (end > 0 && !Character.isDigit(lower.charAt(end - 1)) && lower.charAt(end - 1) != '.') {
            end--;
        }
        String unit = lower.substring(end).strip();
        if (unit.length() > 1 && unit.endsWith("ib")) {
            unit = unit.substring(0, unit.length() - 2);
        } else if (unit.length() == 2 && unit.endsWith("b")) {
            unit = unit.substring(0, 1);
        }
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit);
        try {
            if (unit.length() > 1 || power < 0) {
                throw new NumberFormatException(unit);
            }
            return new BigDecimal(lower.substring(0, end)).multiply(BigDecimal.valueOf(STEP).pow(power))
                    .setScale(0, RoundingMode.DOWN).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("invalid size: '" + text + "', write it like 512m or 2g");
        }
    }

    /** Billionths of a core from a decimal number of cores (rule 10.3.3). */
    public static long nanoCpus(String text) {
        BigDecimal cores;
        try {
            cores = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid cpu: " + text);
        }
        if (cores.stripTrailingZeros().scale() > CPU_DECIMALS) {
            throw new IllegalArgumentException("CPU value cannot have more than 9 decimal places: " + text);
        }
        try {
            return cores.movePointRight(CPU_DECIMALS).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("invalid cpu: " + text);
        }
    }

    /** Cores, as many decimals as needed. */
    public static String cores(long nanoCpus) {
        return BigDecimal.valueOf(nanoCpus, CPU_DECIMALS).stripTrailingZeros().toPlainString();
    }

    /** Bytes with an IEC unit, such as {@code 1.5 GiB}. */
    public static String size(long bytes) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.abs().compareTo(BigDecimal.valueOf(STEP)) >= 0 && unit < IEC.length - 1) {
            value = value.divide(BigDecimal.valueOf(STEP));
            unit++;
        }
        return value.setScale(1, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString() + " " + IEC[unit];
    }
}
