package io.osmia.node.internal;

import io.osmia.wire.swarmkit.SessionMessage;
import java.util.OptionalLong;

/** What the node's thread hears. A manager's life has a number, so that what a former one says is not heard. */
sealed interface Event {

    /** Leadership won, or lost. */
    record Led(int life, OptionalLong term) implements Event {}

    /** The listeners are bound. */
    record Bound(int life, String remoteAddress) implements Event {}

    /** This member is no longer in the raft configuration. */
    record Removed(int life) implements Event {}

    /** Something that the node cannot do without failed. */
    record Failed(String why) implements Event {}

    /** Certificate, key or trust root changed. */
    record Certified() implements Event {}

    /** The dispatcher said something about this node. */
    record Told(SessionMessage message) implements Event {}

    record Stop() implements Event {}
}
