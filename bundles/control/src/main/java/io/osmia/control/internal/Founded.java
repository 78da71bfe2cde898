package io.osmia.control.internal;

/** Exists as a service while this leader knows that the cluster object and its own node object are in the store. */
public interface Founded {}
