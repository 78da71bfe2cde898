package io.osmia.shell.internal.command;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** How fresh answers have to be. */
final class Reads {

    private static final Metadata.Key<String> READ = Metadata.Key.of("osmia-read", Metadata.ASCII_STRING_MARSHALLER);

    private Reads() {}

    /** A manager that does not lead waits for the leader's commit point before it answers. */
    static ClientInterceptor linearizable() {
        Metadata headers = new Metadata();
        headers.put(READ, "linearizable");
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }
}
