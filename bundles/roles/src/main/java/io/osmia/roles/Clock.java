package io.osmia.roles;

import java.time.Instant;

/** The time, injected: core code never asks the machine itself. */
@FunctionalInterface
public interface Clock {

    Instant now();
}
