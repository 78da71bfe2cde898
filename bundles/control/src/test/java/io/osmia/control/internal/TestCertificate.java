package io.osmia.control.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Instant;

/** A certificate that somebody made once, without its key. */
public final class TestCertificate {

    public static final ByteString PEM = ByteString.copyFromUtf8("""
            -----BEGIN CERTIFICATE-----
            MIIBbzCCARWgAwIBAgIUNWMqN1BETc6b5JymtGapWCMp71MwCgYIKoZIzj0EAwIw
            DDEKMAgGA1UEAwwBdzAgFw0yNjExMjEwOTAxNDdaGA8yMTI2MTAyODA5MDE0N1ow
            DDEKMAgGA1UEAwwBdzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPVgNit+6IUu
            dHAJxft6XajHtDScBcp4Xys8UzOhxkmuUQdPzEHL9XWavAe5RKV3OamWgvdCBhY7
            pNvA/qaaZRCjUzBRMB0GA1UdDgQWBBRPgAHnpMuLEAH5Y9QXBhuXe5WuUTAfBgNV
            HSMEGDAWgBRPgAHnpMuLEAH5Y9QXBhuXe5WuUTAPBgNVHRMBAf8EBTADAQH/MAoG
            CCqGSM49BAMCA0gAMEUCIQCnD+sHBdR7Nm6/KMR/kiXuq0tM1PB1istcjMJdS32U
            IwIgXxGnSbMmSpdDDBBtrhJorYjNCaBYPH9hG2zszeWgAik=
            -----END CERTIFICATE-----
            """);

    /** When it ends. */
    public static final Timestamp EXPIRY = Timestamp.newBuilder()
            .setSeconds(Instant.parse("2126-10-28T09:01:47Z").getEpochSecond())
            .build();

    private TestCertificate() {}
}
