package io.osmia.control.internal.calls;

import io.osmia.control.internal.rules.Refusal;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Service;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which services need an object that is to be removed. */
final class Usage {

    private Usage() {}

    /** Rule 1.7.6. */
    static Optional<Refusal> objection(String kind, Annotations object, List<Service> users) {
        if (users.isEmpty()) {
            return Optional.empty();
        }
        String names = users.stream()
                .map(service -> service.getSpec().getAnnotations().getName())
                .collect(Collectors.joining(", "));
        return Optional.of(Refusal.invalid(kind + " '" + object.getName() + "' is in use by the following service"
                + (users.size() == 1 ? "" : "s") + ": " + names));
    }
}
