package io.osmia.control.internal;

import io.osmia.roles.PluginPolicy;
import io.osmia.store.By;
import io.osmia.store.Store;
import io.osmia.store.Table;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the cluster's labels say of plugins, as this manager's copy of the state has them. */
@Component
public final class ClusterPluginPolicy implements PluginPolicy {

    static final String SIGNED = "osmia.plugins.signed";

    private final Store store;

    @Activate
    public ClusterPluginPolicy(@Reference Store store) {
        this.store = store;
    }

    @Override
    public boolean signed() {
        return store.view().find(Table.CLUSTERS, By.ALL).stream()
                .anyMatch(cluster -> cluster.getSpec()
                        .getAnnotations()
                        .getLabelsOrDefault(SIGNED, "")
                        .equals("true"));
    }
}
