package io.osmia.orchestrator.internal;

import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Resources;
import io.osmia.wire.swarmkit.Task;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a node describes of resources, less what the tasks seen so far hold of it (rule 3.9). */
final class Balance {

    private final SortedMap<String, Long> counted = new TreeMap<>();
    private final SortedSet<String> named = new TreeSet<>();
    private long nanoCpus;
    private long memory;
    private boolean exhausted;

    Balance(Node node) {
        Resources offered = node.getDescription().getResources();
        nanoCpus = offered.getNanoCpus();
        memory = offered.getMemoryBytes();
        for (GenericResource resource : offered.getGenericList()) {
            if (resource.hasNamedResourceSpec()) {
                named.add(name(resource));
            } else {
                counted.merge(kind(resource), amount(resource), Long::sum);
            }
        }
    }

    /** Takes the task's share; false when there is not enough, and then nothing is taken. */
    boolean take(Task task) {
        Resources wanted = task.getSpec().getResources().getReservations();
        if (wanted.getNanoCpus() > nanoCpus || wanted.getMemoryBytes() > memory) {
            return false;
        }
        for (GenericResource resource : task.getAssignedGenericResourcesList()) {
            if (!offers(resource)) {
                exhausted = true;
                return false;
            }
        }
        nanoCpus -= wanted.getNanoCpus();
        memory -= wanted.getMemoryBytes();
        task.getAssignedGenericResourcesList().forEach(this::subtract);
        return true;
    }

    /** A generic resource was missing: nothing can be said of the tasks that follow. */
    boolean exhausted() {
        return exhausted;
    }

    private boolean offers(GenericResource resource) {
        return resource.hasNamedResourceSpec()
                ? named.contains(name(resource))
                : counted.getOrDefault(kind(resource), 0L) >= amount(resource);
    }

    private void subtract(GenericResource resource) {
        if (resource.hasNamedResourceSpec()) {
            named.remove(name(resource));
        } else {
            counted.merge(kind(resource), -amount(resource), Long::sum);
        }
    }

    private static String name(GenericResource resource) {
        return resource.getNamedResourceSpec().getKind() + '\0'
                + resource.getNamedResourceSpec().getValue();
    }

    private static String kind(GenericResource resource) {
        return resource.getDiscreteResourceSpec().getKind();
    }

    private static long amount(GenericResource resource) {
        return resource.getDiscreteResourceSpec().getValue();
    }
}
