package io.osmia.store.internal;

import com.google.protobuf.Message;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets objects that were read from the log or a snapshot share equal parts: all tasks of a service have one spec, and an
 * update keeps what it did not change. Remembers the parts that were met lately, a bounded number. Not thread-safe.
 */
public final class Sharing {

    private static final int REMEMBERED = 4096;

    private final Map<Object, Object> met = new LinkedHashMap<>(256, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** An equal object with shared parts. */
    @SuppressWarnings("unchecked") // an object of the same class
    <T extends Message> T share(T object, @Nullable T former) {
        return switch (object) {
            case Task task -> (T) share(task, (Task) former);
            case Service service -> (T) share(service);
            default -> object;
        };
    }

    private Task share(Task task, @Nullable Task former) {
        Task.Builder shared = task.toBuilder();
        if (former != null) {
            // the indices hold this string
            shared.setId(former.getId());
        }
        if (task.hasSpec()) {
            shared.setSpec(part(task.getSpec(), former == null ? null : former.getSpec()));
        }
        if (task.hasServiceAnnotations()) {
            shared.setServiceAnnotations(
                    part(task.getServiceAnnotations(), former == null ? null : former.getServiceAnnotations()));
        }
        if (task.hasAnnotations()) {
            shared.setAnnotations(part(task.getAnnotations(), former == null ? null : former.getAnnotations()));
        }
        if (task.hasEndpoint()) {
            shared.setEndpoint(part(task.getEndpoint(), former == null ? null : former.getEndpoint()));
        }
        if (task.hasSpecVersion()) {
            shared.setSpecVersion(part(task.getSpecVersion(), former == null ? null : former.getSpecVersion()));
        }
        return shared.setServiceId(part(task.getServiceId(), null))
                .setNodeId(part(task.getNodeId(), null))
                .build();
    }

    private Service share(Service service) {
        if (!service.getSpec().hasTask()) {
            return service;
        }
        Service.Builder shared = service.toBuilder();
        shared.getSpecBuilder().setTask(part(service.getSpec().getTask(), null));
        return shared.build();
    }

    @SuppressWarnings("unchecked") // equal objects are of one class here
    private <P> P part(P part, @Nullable P former) {
        if (former != null && part.equals(former)) {
            return former;
        }
        P known = (P) met.get(part);
        if (known != null) {
            return known;
        }
        met.put(part, part);
        return part;
    }
}
