package io.osmia.raft.internal.service;

import io.grpc.Status;
import io.osmia.roles.Caller;
import io.osmia.roles.HostPort;
import io.osmia.roles.Membership.Member;
import io.osmia.wire.osmia.JoinRequest;
import java.util.Set;

/** Reads who wants to join, and where it is (rule 8.4.2). */
final class Newcomer {

    private static final Set<String> UNSPECIFIED = Set.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private Newcomer() {}

    /** Looks whether a manager can be reached. */
    @FunctionalInterface
    interface Check {

        /** @throws io.grpc.StatusRuntimeException with the text of rule 8.4.3 when not */
        void require(String address);
    }

    static Member of(JoinRequest request, Caller caller) {
        return new Member(
                request.getRaftId(),
                caller.nodeId(),
                seen(request.getAddress(), caller),
                seen(request.getRaftAddress(), caller),
                false,
                true);
    }

    private static String seen(String address, Caller caller) {
        HostPort given = parse(address);
        if (given.port() == 0) {
            throw invalid(address);
        }
        return UNSPECIFIED.contains(given.host())
                ? given.withHost(parse(caller.remoteAddress()).host()).toString()
                : given.toString();
    }

    private static HostPort parse(String address) {
        try {
            return HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw invalid(address);
        }
    }

    private static RuntimeException invalid(String address) {
        return ManagersService.refused(
                Status.Code.INVALID_ARGUMENT, "invalid address " + address + " in raft join request");
    }
}
