package io.osmia.api.executor;

import io.osmia.api.ResourceAmounts;
import java.util.OptionalLong;

/**
 * What a task may use and what it was given.
 *
 * @param limits what the workload may use at most; 0 means no limit
 * @param reservations what the scheduler keeps free for it; 0 means nothing; engines need not be told
 * @param assigned the generic resources that the scheduler gave to it; processors and memory are 0
 * @param swapBytes swap space it may use beside its memory limit, in bytes, -1 for any amount; empty when not stated
 * @param memorySwappiness how readily the kernel swaps it, 0 to 100; empty when not stated
 */
public record TaskResources(
        ResourceAmounts limits,
        ResourceAmounts reservations,
        ResourceAmounts assigned,
        OptionalLong swapBytes,
        OptionalLong memorySwappiness) {

    /** No limits, nothing reserved, nothing given. */
    public static final TaskResources NONE = limitedTo(ResourceAmounts.NONE);

    /** Limits and nothing else. */
    public static TaskResources limitedTo(ResourceAmounts limits) {
        return new TaskResources(
                limits, ResourceAmounts.NONE, ResourceAmounts.NONE, OptionalLong.empty(), OptionalLong.empty());
    }
}
