package io.osmia.raft.internal.service;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.osmia.wire.swarmkit.HealthCheckRequest;
import io.osmia.wire.swarmkit.HealthCheckResponse.ServingStatus;
import io.osmia.wire.swarmkit.HealthGrpc;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import java.util.concurrent.TimeUnit;

/** Calls the health service of a manager that wants to join, at the address that it gave (rule 8.4.3). */
final class HealthCheck implements Newcomer.Check {

    private static final long SECONDS = 5;
    private static final String SERVICE = "Raft";

    private final Channels channels;

    HealthCheck(Channels channels) {
        this.channels = channels;
    }

    @Override
    public void require(String address) {
        ManagedChannel channel = channels.open(address, Credentials.MANAGER_NAME);
        try {
            require(status(channel, address));
        } finally {
            channel.shutdownNow();
        }
    }

    private static ServingStatus status(ManagedChannel channel, String address) {
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder().setService(SERVICE).build())
                    .getStatus();
        } catch (StatusRuntimeException e) {
            String why = e.getStatus().getDescription();
            throw ManagersService.refused(
                    Status.Code.UNKNOWN,
                    "could not connect to prospective new cluster member using its advertised address: "
                            + e.getStatus().getCode() + " at " + address + (why == null ? "" : ": " + why));
        }
    }

    private static void require(ServingStatus status) {
        if (status != ServingStatus.SERVING) {
            throw ManagersService.refused(Status.Code.UNKNOWN, "health check returned status " + status);
        }
    }
}
