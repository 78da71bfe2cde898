package io.osmia.roles;

/** Exists as a service while this node may run tasks: every node that has a certificate, managers included. */
public interface WorkerRole {

    String nodeId();

    String clusterId();
}
