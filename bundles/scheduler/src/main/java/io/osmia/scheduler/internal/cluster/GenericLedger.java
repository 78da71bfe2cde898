package io.osmia.scheduler.internal.cluster;

import io.osmia.wire.swarmkit.DiscreteGenericResource;
import io.osmia.wire.swarmkit.GenericResource;
import io.osmia.wire.swarmkit.NamedGenericResource;
import java.util.ArrayList;
import java.util.List;

/**
 * Who has taken which generic resources of a node (rule 4.2.4). Free is what is described and not taken, so a new
 * description needs no bookkeeping, and what is given back but no longer described is gone.
 */
final class GenericLedger {

    private List<GenericResource> described = List.of();
    private final Tally<String> takenAmounts = new Tally<>();
    private final Tally<NamedGenericResource> takenItems = new Tally<>();

    void describe(List<GenericResource> resources) {
        described = List.copyOf(resources);
    }

    void take(List<GenericResource> resources) {
        change(resources, 1);
    }

    void giveBack(List<GenericResource> resources) {
        change(resources, -1);
    }

    private void change(List<GenericResource> resources, int sign) {
        for (GenericResource resource : resources) {
            if (resource.hasDiscreteResourceSpec()) {
                var amount = resource.getDiscreteResourceSpec();
                takenAmounts.add(amount.getKind(), sign * amount.getValue());
            } else if (resource.hasNamedResourceSpec()) {
                takenItems.add(resource.getNamedResourceSpec(), sign);
            }
        }
    }

    /** What is free, in the order of the description. */
    List<GenericResource> free() {
        if (described.isEmpty()) {
            return described;
        }
        List<GenericResource> free = new ArrayList<>();
        Tally<String> counted = new Tally<>();
        for (GenericResource resource : described) {
            if (resource.hasNamedResourceSpec()) {
                if (!takenItems.has(resource.getNamedResourceSpec())) {
                    free.add(resource);
                }
            } else if (resource.hasDiscreteResourceSpec()) {
                var amount = resource.getDiscreteResourceSpec();
                // a kind may be described in several parts
                long taken = takenAmounts.of(amount.getKind()) - counted.of(amount.getKind());
                long used = Math.clamp(taken, 0, amount.getValue());
                counted.add(amount.getKind(), used);
                if (amount.getValue() > used) {
                    free.add(discrete(amount.getKind(), amount.getValue() - used));
                }
            }
        }
        return free;
    }

    /** Whether the requests, which are counts, can all be met. */
    boolean fits(List<GenericResource> requests) {
        List<GenericResource> free = requests.isEmpty() ? List.of() : free();
        return requests.stream()
                .allMatch(request -> request.hasDiscreteResourceSpec()
                        && meets(free, request.getDiscreteResourceSpec()));
    }

    private static boolean meets(List<GenericResource> free, DiscreteGenericResource request) {
        return amount(free, request.getKind()) >= request.getValue()
                || items(free, request.getKind()).size() >= request.getValue();
    }

    /** What a task with these requests gets; nothing is taken yet. */
    List<GenericResource> choose(List<GenericResource> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        List<GenericResource> free = free();
        List<GenericResource> chosen = new ArrayList<>();
        for (GenericResource each : requests) {
            DiscreteGenericResource request = each.getDiscreteResourceSpec();
            if (amount(free, request.getKind()) >= request.getValue()) {
                chosen.add(discrete(request.getKind(), request.getValue()));
            } else {
                chosen.addAll(items(free, request.getKind()).subList(0, Math.toIntExact(request.getValue())));
            }
        }
        return chosen;
    }

    private static long amount(List<GenericResource> free, String kind) {
        return free.stream()
                .filter(resource -> resource.hasDiscreteResourceSpec()
                        && resource.getDiscreteResourceSpec().getKind().equals(kind))
                .mapToLong(resource -> resource.getDiscreteResourceSpec().getValue())
                .sum();
    }

    private static List<GenericResource> items(List<GenericResource> free, String kind) {
        return free.stream()
                .filter(resource -> resource.hasNamedResourceSpec()
                        && resource.getNamedResourceSpec().getKind().equals(kind))
                .toList();
    }

    private static GenericResource discrete(String kind, long value) {
        return GenericResource.newBuilder()
                .setDiscreteResourceSpec(DiscreteGenericResource.newBuilder().setKind(kind).setValue(value))
                .build();
    }
}
