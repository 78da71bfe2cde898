package io.osmia.ca.internal;

/** What a certificate directory holds: one consistent set. The identity has the key of the key file. */
public record NodeState(Identity identity, NodeKey key) {

    NodeState with(NodeKey newKey) {
        return new NodeState(identity, newKey);
    }
}
