package io.osmia.api;

import java.util.List;
import java.util.Map;

/**
 * An amount of resources: what a node has, what is free, what a task reserves or may use at most.
 *
 * @param nanoCpus processor time, in billionths of a processor; 0 when not stated
 * @param memoryBytes memory, in bytes; 0 when not stated
 * @param discrete counted generic resources, by kind
 * @param named named generic resources: the free or owned names, by kind
 */
public record ResourceAmounts(
        long nanoCpus, long memoryBytes, Map<String, Long> discrete, Map<String, List<String>> named) {

    /** Nothing at all. */
    public static final ResourceAmounts NONE = new ResourceAmounts(0, 0, Map.of(), Map.of());

    public ResourceAmounts {
        discrete = Map.copyOf(discrete);
        named = Map.copyOf(named);
    }
}
