package io.osmia.store.internal;

import java.util.Arrays;

/** Arrays as values: what the nodes of a {@link Tree} are made with. */
final class Copies {

    private Copies() {}

    /** As {@link Arrays#binarySearch}; strings, by far the most frequent keys, are compared without a detour. */
    static int search(Object[] keys, Object key) {
        return key instanceof String text ? searchText(keys, text) : Arrays.binarySearch(keys, key);
    }

    private static int searchText(Object[] keys, String key) {
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = ((String) keys[middle]).compareTo(key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    static <T> T[] replaced(T[] array, int at, T element) {
        T[] copy = array.clone();
        copy[at] = element;
        return copy;
    }

    static <T> T[] inserted(T[] array, int at, T element) {
        T[] copy = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, copy, at + 1, array.length - at);
        copy[at] = element;
        return copy;
    }

    static <T> T[] removed(T[] array, int at) {
        T[] copy = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, copy, at, array.length - at - 1);
        return copy;
    }

    static <T> T[] slice(T[] array, int from, int to) {
        return Arrays.copyOfRange(array, from, to);
    }

    static <T> T[] joined(T[] left, T[] right) {
        T[] copy = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, copy, left.length, right.length);
        return copy;
    }
}
