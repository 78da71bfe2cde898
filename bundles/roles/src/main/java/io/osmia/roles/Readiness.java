package io.osmia.roles;

import java.util.Optional;

/** Whether this manager takes changes; for health. */
public interface Readiness {

    /** Why changes are refused at the moment; empty when all is well. May look at the disk. */
    Optional<String> trouble();
}
