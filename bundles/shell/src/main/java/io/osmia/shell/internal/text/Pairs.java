package io.osmia.shell.internal.text;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** {@code key=value} words. */
public final class Pairs {

    private Pairs() {}

    /** Reads them; a word without {@code =} is refused by name of what it should have been. */
    public static Map<String, String> parse(Collection<String> words, String what) {
        Map<String, String> pairs = new TreeMap<>();
        for (String word : words) {
            int at = word.indexOf('=');
            if (at <= 0) {
                throw new IllegalArgumentException("malformed " + what + " '" + word + "', write it as key=value");
            }
            pairs.put(word.substring(0, at), word.substring(at + 1));
        }
        return pairs;
    }
}
