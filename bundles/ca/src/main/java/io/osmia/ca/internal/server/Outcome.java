package io.osmia.ca.internal.server;

import com.google.protobuf.ByteString;

/** What came of a request for a certificate. */
sealed interface Outcome {

    /** @param chain PEM, leaf first */
    record Issued(ByteString chain) implements Outcome {}

    /** It may work later: nobody can sign at present. */
    record Later(String why) implements Outcome {}

    /** It will never work. */
    record Refused(String why) implements Outcome {}
}
