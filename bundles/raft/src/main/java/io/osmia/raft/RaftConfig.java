package io.osmia.raft;

import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.LogKeys;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to open the replicated store.
 *
 * @param stateDir the node's state directory; raft keeps to {@code raft/} in it
 * @param identity cluster, raft id and node id; must agree with what is on disk
 * @param start what to do with what is on disk
 * @param addresses where this member listens and is reached
 * @param clock for the times in the objects
 * @param limits tunables
 * @param credentials for the raft port; null for a member that is and stays alone
 * @param logKeys what log and snapshots are sealed with; null leaves them in clear text
 * @param excluded who may not speak raft though its certificate would do
 * @param missingKey asked for log keys that this member does not hold
 * @param seal whether a cluster of one that has no log key yet gets one when it is opened, and all on disk is sealed with it
 */
public record RaftConfig(
        Path stateDir,
        RaftIdentity identity,
        Start start,
        Addresses addresses,
        Clock clock,
        RaftLimits limits,
        @Nullable Credentials credentials,
        @Nullable LogKeys logKeys,
        Exclusion excluded,
        MissingKey missingKey,
        boolean seal) {

    /** What to do with what is on disk. */
    public enum Start {
        /** Opens what is there, and founds a cluster of one when there is nothing. */
        FOUND,
        /** Opens what is there; nothing there is an error. */
        RECOVER,
        /** Opens what is there; with nothing there, opens an empty group that waits for the leader to add it. */
        JOIN,
        /** Opens what is there as a cluster of one, whoever else was a member (rule 8.3.6). */
        FORCE_NEW
    }

    /**
     * Where a member listens and is reached.
     *
     * @param api host:port of the remote API as advertised; see {@link RaftNode#advertise}
     * @param listenRaft host:port to listen on for other members, port 0 for any free one
     * @param advertiseRaft host:port where other members reach that; empty for the host of the API's address with the port that
     *     was bound; port 0 stands for the one that was bound
     */
    public record Addresses(String api, String listenRaft, String advertiseRaft) {

        /** Of a member that is and stays alone. */
        public static Addresses alone(String api) {
            return new Addresses(api, "127.0.0.1:0", "");
        }
    }

    /** Seals when there are log keys; asks nobody for those that are missing. */
    public RaftConfig(
            Path stateDir,
            RaftIdentity identity,
            Start start,
            Addresses addresses,
            Clock clock,
            RaftLimits limits,
            @Nullable Credentials credentials,
            @Nullable LogKeys logKeys,
            Exclusion excluded) {
        this(
                stateDir,
                identity,
                start,
                addresses,
                clock,
                limits,
                credentials,
                logKeys,
                excluded,
                MissingKey.NOBODY,
                true);
    }

    /** For a member that is alone, without sealing. */
    public RaftConfig(
            Path stateDir, RaftIdentity identity, String api, boolean found, Clock clock, RaftLimits limits) {
        this(
                stateDir,
                identity,
                found ? Start.FOUND : Start.RECOVER,
                Addresses.alone(api),
                clock,
                limits,
                null,
                null,
                Exclusion.NOBODY);
    }

    public RaftConfig(Path stateDir, RaftIdentity identity, String api, boolean found, Clock clock) {
        this(stateDir, identity, api, found, clock, RaftLimits.DEFAULT);
    }

    public RaftConfig withLimits(RaftLimits changed) {
        return with(start, changed, logKeys, missingKey, seal);
    }

    public RaftConfig withLogKeys(@Nullable LogKeys changed) {
        return with(start, limits, changed, missingKey, seal);
    }

    public RaftConfig withStart(Start changed) {
        return with(changed, limits, logKeys, missingKey, seal);
    }

    public RaftConfig withMissingKey(MissingKey changed) {
        return with(start, limits, logKeys, changed, seal);
    }

    public RaftConfig withSeal(boolean changed) {
        return with(start, limits, logKeys, missingKey, changed);
    }

    private RaftConfig with(
            Start begin, RaftLimits tunables, @Nullable LogKeys keys, MissingKey missing, boolean sealing) {
        return new RaftConfig(
                stateDir, identity, begin, addresses, clock, tunables, credentials, keys, excluded, missing, sealing);
    }
}
