package io.osmia.roles;

/** Exists as a service while this node holds a manager certificate and its store is open. */
public interface ManagerRole {

    String nodeId();

    String clusterId();
}
