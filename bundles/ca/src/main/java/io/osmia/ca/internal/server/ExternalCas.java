package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.RootCa;
import java.util.List;

/** CAs outside of the cluster, as far as a change of the cluster's root needs them (rules 7.10.3, 7.10.4). */
public interface ExternalCas {

    /** Whether the server behind the URL shows a certificate of that root. */
    boolean reachable(String url, ByteString root);

    /**
     * Has the first of the CAs that does it certify a root.
     *
     * @param urls of CAs that sign for the current root
     * @param current PEM of the current root, which the servers' certificates must verify under
     * @param next the root to certify, with its key
     * @return PEM
     * @throws io.osmia.ca.CaException when none does
     */
    ByteString crossSign(List<String> urls, ByteString current, RootCa next);
}
