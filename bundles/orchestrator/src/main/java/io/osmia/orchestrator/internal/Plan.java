package io.osmia.orchestrator.internal;

import java.util.List;

/**
 * What brings a service to what it asks for.
 *
 * @param edits to be written at once
 * @param kept the slots that stay, for the updater
 * @param more whether the service must be looked at again once these edits are written
 */
record Plan(List<Edit> edits, List<Slot> kept, boolean more) {

    Plan {
        edits = List.copyOf(edits);
        kept = List.copyOf(kept);
    }
}
