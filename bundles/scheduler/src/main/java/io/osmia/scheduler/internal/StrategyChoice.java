package io.osmia.scheduler.internal;

import io.osmia.store.By;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which strategy is to place a task: the service's label, else the cluster's, else spread.
 *
 * @param name its name
 * @param insists whether a user asked for it by name, so that no other may take its place
 */
record StrategyChoice(String name, boolean insists) {

    static final String LABEL = "osmia.strategy";
    static final String DEFAULT = "spread";

    static StrategyChoice of(View view, Task task, @Nullable Service service) {
        Map<String, String> labels = service != null
                ? service.getSpec().getAnnotations().getLabelsMap()
                : task.getServiceAnnotations().getLabelsMap();
        String own = labels.getOrDefault(LABEL, "");
        if (!own.isEmpty()) {
            return new StrategyChoice(own, true);
        }
        List<Cluster> clusters = view.find(Table.CLUSTERS, By.ALL);
        String common = clusters.isEmpty()
                ? ""
                : clusters.getFirst().getSpec().getAnnotations().getLabelsOrDefault(LABEL, "");
        return common.isEmpty() ? new StrategyChoice(DEFAULT, false) : new StrategyChoice(common, true);
    }
}
