package io.osmia.shell.internal.service;

/** Numbers from flags, with the flag in the message. */
final class Numbers {

    private Numbers() {}

    static long count(String flag, String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(flag + " takes a whole number that is not negative, not '" + text + "'");
        }
    }

    static long whole(String flag, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(flag + " takes a whole number, not '" + text + "'");
        }
    }
}
