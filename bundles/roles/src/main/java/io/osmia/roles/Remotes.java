package io.osmia.roles;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The managers this node knows, each with a weight that follows how well it served (rule 6.11.12). Thread-safe. */
public interface Remotes {

    /** Weight of a connection that worked; one that failed has its negative. */
    int SERVED = 10;

    /** Takes in what was seen of a manager. One without an address is passed over. */
    void observe(Remote remote, long weight);

    /** Forgets all others. */
    void retain(Set<Remote> known);

    /** A manager, the likelier the greater its weight; empty when none is left. */
    Optional<Remote> select(Set<String> excludedNodes);

    /** All of them, by node id. */
    List<Remote> all();

    /**
     * A manager's remote API.
     *
     * @param nodeId empty for an address given by the user whose node is not known yet
     * @param address host:port
     */
    record Remote(String nodeId, String address) implements Comparable<Remote> {
        @Override
        public int compareTo(Remote other) {
            int byNode = nodeId.compareTo(other.nodeId);
            return byNode != 0 ? byNode : address.compareTo(other.address);
        }
    }
}
