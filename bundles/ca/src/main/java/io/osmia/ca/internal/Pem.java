package io.osmia.ca.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM file. Read without Bouncy Castle, because every start of a node reads some.
 *
 * @param type e.g. {@code CERTIFICATE}
 * @param headers in the order of the file (rule 7.12.2)
 * @param der the bytes
 */
public record Pem(String type, Map<String, String> headers, byte[] der) {

    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String PRIVATE_KEY = "PRIVATE KEY";
    public static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\R(.*?)-----END \\1-----\\R?", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]+): ?(.*)");
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    public Pem {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    public Pem(String type, byte[] der) {
        this(type, Map.of(), der);
    }

    /**
     * All blocks of a file, in order; what stands between them is ignored.
     *
     * @throws IllegalArgumentException when the inside of a block is not base 64
     */
    public static List<Pem> parse(byte[] file) {
        List<Pem> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            blocks.add(block(block.group(1), block.group(2)));
        }
        return blocks;
    }

    private static Pem block(String type, String inside) {
        Map<String, String> headers = new LinkedHashMap<>();
        StringBuilder base64 = new StringBuilder();
        for (String line : inside.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            if (header.matches()) {
                headers.put(header.group(1), header.group(2));
            } else {
                base64.append(line.strip());
            }
        }
        return new Pem(type, headers, Base64.getDecoder().decode(base64.toString()));
    }

    public byte[] encode() {
        StringBuilder text = new StringBuilder("-----BEGIN ").append(type).append("-----\n");
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        if (!headers.isEmpty()) {
            text.append('\n');
        }
        text.append(BASE64.encodeToString(der)).append("\n-----END ").append(type).append("-----\n");
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
