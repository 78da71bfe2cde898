package io.osmia.store.internal;

/** Key of the slot index; keeps the task's own string instead of a composed one. */
record SlotKey(String serviceId, long slot) implements Comparable<SlotKey> {

    @Override
    public int compareTo(SlotKey other) {
        int order = serviceId.compareTo(other.serviceId);
        return order != 0 ? order : Long.compareUnsigned(slot, other.slot);
    }
}
