package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;
import io.osmia.ca.CaException;
import io.osmia.ca.RootCa;
import java.util.List;

/** There are none. */
final class NoExternalCas implements ExternalCas {

    @Override
    public boolean reachable(String url, ByteString root) {
        return false;
    }

    @Override
    public ByteString crossSign(List<String> urls, ByteString current, RootCa next) {
        throw new CaException("no external CA");
    }
}
