package io.osmia.executor.docker.internal;

import java.net.URI;

/**
 * A version of the engine's API.
 *
 * @param minor what stands after {@code 1.}
 */
record ApiVersion(int minor) implements Comparable<ApiVersion> {

    /** Docker 19.03. */
    static final ApiVersion OLDEST = new ApiVersion(40);

    /** The newest that this executor was written for. */
    static final ApiVersion NEWEST = new ApiVersion(47);

    /**
     * The newest version that both speak.
     *
     * @throws EngineException when there is none
     */
    static ApiVersion agree(String engineNewest, String engineOldest, URI host) throws EngineException {
        ApiVersion newest = parse(engineNewest, host);
        ApiVersion oldest = engineOldest.isEmpty() ? newest : parse(engineOldest, host);
        if (newest.compareTo(OLDEST) < 0 || oldest.compareTo(NEWEST) > 0) {
            throw EngineException.unreachable(
                    "the engine at " + host + " speaks API " + oldest + " to " + newest + ", this executor " + OLDEST
                            + " to " + NEWEST + "; install an engine or an executor of another version",
                    null);
        }
        return newest.compareTo(NEWEST) < 0 ? newest : NEWEST;
    }

    private static ApiVersion parse(String text, URI host) throws EngineException {
        try {
            if (text.startsWith("1.")) {
                return new ApiVersion(Integer.parseInt(text.substring(2)));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw EngineException.unreachable(
                "what answers at " + host + " is no Docker Engine: its API version is '" + text + "'", null);
    }

    String prefix() {
        return "/v" + this;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
