package io.osmia.agent.internal;

import io.osmia.agent.Workloads;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.session.Agent;
import io.osmia.agent.internal.session.Memory;
import io.osmia.agent.internal.session.NodeDescriber;
import io.osmia.agent.internal.session.TlsChannels;
import io.osmia.agent.internal.task.Executors;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Endpoints;
import io.osmia.roles.NodeSettings;
import io.osmia.roles.WorkerRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The agent of this node. Its end leaves all workloads running; the next start takes them over. */
@Component(service = {Workloads.class, AgentComponent.class}, immediate = true)
public final class AgentComponent implements Workloads {

    private final Agent agent;

    @Activate
    public AgentComponent(
            BundleContext bundle,
            @Reference WorkerRole role,
            @Reference Credentials credentials,
            @Reference Endpoints endpoints,
            @Reference NodeSettings settings,
            @Reference Clock clock,
            @Reference Executors executors)
            throws IOException {
        Path journal = settings.stateDir().resolve("worker").resolve("tasks");
        NodeDescriber describer = new NodeDescriber(
                settings.hostname(), version(bundle.getBundle().getVersion()), Memory.total(), credentials, executors);
        agent = new Agent(
                role.nodeId(),
                endpoints.selfAddress(),
                new TaskJournal(journal),
                executors,
                describer,
                new TlsChannels(credentials),
                clock,
                new SplittableRandom());
        agent.start();
    }

    private static String version(Version version) {
        return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    }

    /** For the other components of this bundle. */
    public Agent agent() {
        return agent;
    }

    @Override
    public boolean stopAll(Duration bound) {
        return agent.stopAll(bound);
    }

    @Override
    public int running() {
        return agent.worker().running();
    }

    @Deactivate
    void stop() {
        agent.close();
    }
}
