package io.osmia.executor.podman.internal;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An image reference, taken apart as Docker does it, so that the same service gets the same image on every engine.
 *
 * @param domain registry, e.g. {@code docker.io}
 * @param path repository in it
 * @param tail tag with its colon, or digest with its at sign
 * @param stated whether the registry was written out
 */
record ImageName(String domain, String path, String tail, boolean stated) {

    private static final String LOCALHOST = "localhost";
    private static final String DOCKER = "docker.io";

    private static final Pattern REFERENCE = Pattern.compile(
            "[a-zA-Z0-9][a-zA-Z0-9._:-]*(/[a-zA-Z0-9][a-zA-Z0-9._-]*)*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?"
                    + "(@[a-z0-9]+:[a-f0-9]{32,128})?");

    static boolean isValid(String reference) {
        return reference.length() <= 512 && REFERENCE.matcher(reference).matches();
    }

    static ImageName of(String reference) {
        int at = reference.indexOf('@');
        String digest = at < 0 ? "" : reference.substring(at);
        String name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        String tag = colon < 0 ? "" : name.substring(colon);
        String repository = colon < 0 ? name : name.substring(0, colon);
        // A digest says it all; Podman does not take both.
        String tail = !digest.isEmpty() ? digest : tag.isEmpty() ? ":latest" : tag;
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        if (first.equals(LOCALHOST) || first.contains(".") || first.contains(":")) {
            return new ImageName(first, repository.substring(slash + 1), tail, true);
        }
        return new ImageName(DOCKER, slash < 0 ? "library/" + repository : repository, tail, false);
    }

    /** The whole name. */
    String full() {
        return domain + "/" + path + tail;
    }

    /** Names under which it may be on this machine, the likeliest first: what is built here is called localhost's. */
    List<String> local() {
        if (stated) {
            return List.of(full());
        }
        String bare = path.startsWith("library/") ? path.substring("library/".length()) : path;
        return List.of(full(), LOCALHOST + "/" + bare + tail);
    }

    boolean hasDigest() {
        return tail.startsWith("@");
    }

    /** Whether there is a registry to ask. */
    boolean canBePulled() {
        return !domain.equals(LOCALHOST);
    }
}
