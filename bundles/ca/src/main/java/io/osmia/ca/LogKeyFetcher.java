package io.osmia.ca;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.osmia.roles.Channels;
import io.osmia.roles.Credentials;
import io.osmia.roles.LogKeys;
import io.osmia.roles.Remotes;
import io.osmia.roles.Remotes.Remote;
import io.osmia.wire.osmia.GetLogKeysRequest;
import io.osmia.wire.osmia.GetLogKeysResponse;
import io.osmia.wire.osmia.LogKey;
import io.osmia.wire.osmia.ManagerStateGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/** Gets the cluster's log keys from another manager. */
public final class LogKeyFetcher {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Channels channels;
    private final Remotes remotes;
    private final LogKeys keys;
    private final Duration patience;

    /** @param keys takes in what is fetched */
    public LogKeyFetcher(Channels channels, Remotes remotes, LogKeys keys) {
        this(channels, remotes, keys, PATIENCE);
    }

    /** @param patience how long one manager is waited for */
    LogKeyFetcher(Channels channels, Remotes remotes, LogKeys keys, Duration patience) {
        this.channels = channels;
        this.remotes = remotes;
        this.keys = keys;
        this.patience = patience;
    }

    /**
     * Asks the known managers one after the other until one tells something new. Blocks up to 5 s for each.
     *
     * @throws CaException when none answers, with the reasons
     */
    public void fetch() {
        List<String> failures = new ArrayList<>();
        boolean answered = false;
        for (Remote remote : remotes.all()) {
            try {
                GetLogKeysResponse answer = ask(remote);
                answered = true;
                if (learn(answer)) {
                    return;
                }
            } catch (StatusRuntimeException e) {
                failures.add(remote.address() + ": " + e.getMessage());
            }
        }
        if (!answered) {
            throw new CaException("no other manager tells the cluster's log keys: "
                    + (failures.isEmpty() ? "none is known" : String.join("; ", failures)));
        }
    }

    private GetLogKeysResponse ask(Remote remote) {
        ManagedChannel channel = channels.open(remote.address(), Credentials.MANAGER_NAME);
        try {
            return ManagerStateGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience)
                    .getLogKeys(GetLogKeysRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
    }

    private boolean learn(GetLogKeysResponse answer) {
        int before = keys.versions().size();
        for (LogKey key : answer.getKeysList()) {
            keys.learn(key.getVersion(), new SecretKeySpec(key.getKey().toByteArray(), "AES"));
        }
        int current = answer.getCurrent();
        if (current > keys.current() && keys.versions().contains(current)) {
            keys.use(current);
            return true;
        }
        return keys.versions().size() > before;
    }
}
