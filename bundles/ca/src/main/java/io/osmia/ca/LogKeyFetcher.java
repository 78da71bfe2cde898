package io.osmia.ca;

import io.osmia.roles.Channels;
import io.osmia.roles.LogKeys;
import io.osmia.roles.Remotes;

/** Gets the cluster's log keys from another manager. */
public final class LogKeyFetcher {

    /** @param keys takes in what is fetched */
    public LogKeyFetcher(Channels channels, Remotes remotes, LogKeys keys) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the known managers one after the other until one answers. Blocks up to 5 s for each.
     *
     * @throws CaException when none answers, with the last reason
     */
    public void fetch() {
        throw new UnsupportedOperationException();
    }
}
