package io.osmia.itests.bench;

import com.google.protobuf.ByteString;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.SecretSpec;
import java.util.concurrent.atomic.AtomicLong;

/** Small secrets, each with a name of its own. */
final class Secrets {

    private static final AtomicLong NEXT = new AtomicLong();
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8("x".repeat(64));

    private Secrets() {}

    static void create(ControlGrpc.ControlBlockingStub control) {
        control.createSecret(CreateSecretRequest.newBuilder()
                .setSpec(SecretSpec.newBuilder()
                        .setAnnotations(Annotations.newBuilder().setName("secret-" + NEXT.incrementAndGet()))
                        .setData(PAYLOAD))
                .build());
    }
}
