package io.osmia.ca;

import java.util.Optional;

/**
 * Which cluster a new node wants to be part of.
 *
 * @param address host:port of a manager
 * @param token join token (rule 7.4); without one the first root that the manager shows is trusted, and the manager decides
 * @param availability active, pause or drain
 */
public record Join(String address, Optional<String> token, String availability) {}
