package io.osmia.scheduler.internal.filter;

import io.osmia.scheduler.internal.cluster.NodeState;
import io.osmia.wire.swarmkit.EngineDescription;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.NetworkAttachment;
import io.osmia.wire.swarmkit.Task;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The node's engine must have the volume, network and log plugins that the task needs (rule 4.3, 3).
 *
 * @param needed as {@code Type/name}
 * @param logDriver log driver, or empty
 */
record PluginFilter(Set<String> needed, String logDriver) implements Filter {

    private static final String LOG_TYPE = "Log/";
    private static final String LATEST = ":latest";

    static Optional<Filter> of(Task task) {
        Set<String> needed = new TreeSet<>();
        for (Mount mount : task.getSpec().getContainer().getMountsList()) {
            String driver = mount.getVolumeOptions().getDriverConfig().getName();
            if (mount.getType() == Mount.Type.VOLUME && !driver.isEmpty() && !driver.equals("local")) {
                needed.add("Volume/" + driver);
            }
        }
        for (NetworkAttachment attachment : task.getNetworksList()) {
            String driver = attachment.getNetwork().getDriverState().getName();
            if (!driver.isEmpty()) {
                needed.add("Network/" + driver);
            }
        }
        String log = task.getSpec().getLogDriver().getName();
        String logDriver = log.equals("none") ? "" : log;
        return needed.isEmpty() && logDriver.isEmpty()
                ? Optional.empty()
                : Optional.of(new PluginFilter(needed, logDriver));
    }

    @Override
    public boolean passes(NodeState node) {
        if (!node.node().getDescription().hasEngine()) {
            return true;
        }
        Set<String> plugins = node.facts().plugins();
        return needed.stream().allMatch(plugin -> has(plugins, plugin))
                && logs(node.node().getDescription().getEngine(), plugins);
    }

    private boolean logs(EngineDescription engine, Set<String> plugins) {
        boolean reportsLogs = engine.getPluginsList().stream().anyMatch(plugin -> plugin.getType().equals("Log"));
        return logDriver.isEmpty() || !reportsLogs || has(plugins, LOG_TYPE + logDriver);
    }

    private static boolean has(Set<String> plugins, String plugin) {
        return plugins.contains(plugin) || plugins.contains(plugin + LATEST);
    }

    @Override
    public String explain(List<NodeState> failing) {
        return Filter.on("missing plugin", failing);
    }
}
