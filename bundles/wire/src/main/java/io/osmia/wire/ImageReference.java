package io.osmia.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image reference as Docker normalises it: {@code alpine} is {@code docker.io/library/alpine}.
 *
 * @param domain registry, e.g. {@code docker.io} or {@code registry.example:5000}
 * @param path repository within the registry, e.g. {@code library/alpine}
 * @param tag tag, or empty
 * @param digest digest with its algorithm, or empty
 */
public record ImageReference(String domain, String path, String tag, String digest) {

    private static final String DEFAULT_DOMAIN = "docker.io";
    private static final String FORMER_DEFAULT_DOMAIN = "index.docker.io";
    private static final String OFFICIAL = "library/";
    private static final int LONGEST_NAME = 255;

    /** Room for the longest name, tag and digest; more is not even looked at. */
    private static final int LONGEST = 1024;

    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String HOST = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+\\])";
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";

    private static final Pattern REFERENCE = Pattern.compile("(?<domain>" + HOST + "(?::[0-9]+)?)/(?<path>" + COMPONENT
            + "(?:/" + COMPONENT + ")*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>" + DIGEST + "))?");

    /** A name that could be mistaken for an image id is no reference. */
    private static final Pattern IMAGE_ID = Pattern.compile("[a-f0-9]{64}");

    /** Reads a reference as users write it; empty when it is none. */
    public static Optional<ImageReference> parse(String text) {
        if (text.length() > LONGEST || IMAGE_ID.matcher(text).matches()) {
            return Optional.empty();
        }
        Matcher match = REFERENCE.matcher(withDomain(text));
        if (!match.matches()) {
            return Optional.empty();
        }
        ImageReference reference = new ImageReference(
                match.group("domain"), match.group("path"), orEmpty(match.group("tag")),
                orEmpty(match.group("digest")));
        return reference.repository().length() > LONGEST_NAME ? Optional.empty() : Optional.of(reference);
    }

    /** Registry and path: what names the image without saying which version, e.g. {@code docker.io/osmia/host}. */
    public String repository() {
        return domain + "/" + path;
    }

    /** The whole reference, fit to be parsed again. */
    @Override
    public String toString() {
        return repository() + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest);
    }

    private static String withDomain(String text) {
        int slash = text.indexOf('/');
        String first = slash < 0 ? "" : text.substring(0, slash);
        if (!isDomain(first)) {
            return DEFAULT_DOMAIN + "/" + official(text);
        }
        String rest = text.substring(slash + 1);
        return first.equals(DEFAULT_DOMAIN) || first.equals(FORMER_DEFAULT_DOMAIN)
                ? DEFAULT_DOMAIN + "/" + official(rest)
                : text;
    }

    /** Whether the part before the first slash is a registry and not the first part of a path. */
    private static boolean isDomain(String first) {
        return first.equals("localhost")
                || first.contains(".")
                || first.contains(":")
                || first.chars().anyMatch(Character::isUpperCase);
    }

    private static String official(String path) {
        return path.contains("/") ? path : OFFICIAL + path;
    }

    private static String orEmpty(@Nullable String group) {
        return group == null ? "" : group;
    }
}
