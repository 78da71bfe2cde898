package io.osmia.node.internal;

import io.osmia.roles.Ids;
import io.osmia.wire.ObjectIds;
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Component;

/** Object ids from the machine's random source (rule 1.1.1). */
@Component(service = Ids.class)
public final class RandomIds implements Ids {

    private final SecureRandom random = new SecureRandom();

    @Override
    public String next() {
        byte[] bytes = new byte[17];
        random.nextBytes(bytes);
        return ObjectIds.of(bytes);
    }
}
