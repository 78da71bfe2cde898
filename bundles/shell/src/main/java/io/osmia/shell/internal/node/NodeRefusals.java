package io.osmia.shell.internal.node;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.EachOf;
import io.osmia.shell.internal.command.Failure;

/** What to do when a change to a node is refused, behind the managers' own words, which name no node at times. */
final class NodeRefusals {

    private static final String NO_MEMBER = "can't find manager in raft memberlist";
    private static final String LAST = "attempting to demote the last manager of the swarm";
    private static final String NOT_DOWN = "is not down and can't be removed";

    private NodeRefusals() {}

    /** Does it to the node that is given. */
    static void advised(String given, EachOf.Act act) throws NotReachable {
        try {
            act.on(given);
        } catch (StatusRuntimeException e) {
            String text = String.valueOf(e.getStatus().getDescription());
            String advice = advice(text, given);
            if (advice.isEmpty()) {
                throw e;
            }
            throw Failure.refused(text + advice);
        }
    }

    private static String advice(String text, String given) {
        if (text.equals(NO_MEMBER)) {
            return ": node " + given + " has not joined the managers yet, then try again; or it is lost for good, then"
                    + " 'osmia node rm --force " + given + "' removes it";
        }
        if (text.equals(LAST)) {
            return ": node " + given + "; promote another one first";
        }
        return text.endsWith(NOT_DOWN) ? "; end it with 'osmia node leave' on its machine, or say --force" : "";
    }
}
