package io.osmia.plugins.internal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.osmia.roles.Leadership;
import io.osmia.roles.PluginPolicy;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code osmia.v1.NodePlugins}, on the leader. */
@Component(service = BindableService.class)
public final class NodePluginsComponent implements BindableService {

    private static final Logger LOG = LoggerFactory.getLogger(NodePluginsComponent.class);

    /** How long a node may be told late that the cluster demands something else. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final Duration GATHERING = Duration.ofSeconds(5);
    private static final Duration COMING = Duration.ofSeconds(2);

    private final NodePlugins service;
    private final Thread rules;

    @Activate
    public NodePluginsComponent(@Reference Leadership leadership, @Reference PluginPolicy policy) {
        service = new NodePlugins(policy::signed, GATHERING, COMING);
        rules = Thread.ofVirtual().name("plugin-rules").start(this::tellRules);
    }

    private void tellRules() {
        try {
            while (true) {
                Thread.sleep(LATE);
                try {
                    service.tellRules();
                } catch (RuntimeException e) {
                    LOG.error("plugins: nodes cannot be told what the cluster demands, trying again", e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("plugins: this manager does not lead any more");
        }
    }

    @Override
    public ServerServiceDefinition bindService() {
        return service.bindService();
    }

    @Deactivate
    void stop() {
        rules.interrupt();
        service.close();
    }
}
