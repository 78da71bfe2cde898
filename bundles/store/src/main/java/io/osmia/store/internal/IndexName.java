package io.osmia.store.internal;

/** The secondary indices (rule 1.2.9). */
enum IndexName {
    NAME,
    CUSTOM,
    SERVICE,
    NODE,
    SLOT,
    DESIRED,
    OBSERVED,
    NETWORK,
    SECRET,
    CONFIG,
    VOLUME,
    RUNTIME,
    ROLE,
    MEMBERSHIP,
    GROUP,
    DRIVER,
    KIND
}
