package io.osmia.node.internal;

import io.osmia.roles.Clock;
import java.time.Instant;
import org.osgi.service.component.annotations.Component;

/** The machine's clock. */
@Component(service = Clock.class)
public final class SystemClock implements Clock {

    @Override
    public Instant now() {
        return Instant.now();
    }
}
