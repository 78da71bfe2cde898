package io.osmia.agent.internal;

import io.osmia.agent.Workloads;
import io.osmia.agent.internal.journal.TaskJournal;
import io.osmia.agent.internal.session.Agent;
import io.osmia.agent.internal.session.Memory;
import io.osmia.agent.internal.session.NodeDescriber;
import io.osmia.agent.internal.task.Executors;
import io.osmia.agent.internal.task.HandOver;
import io.osmia.roles.Channels;
import io.osmia.roles.Clock;
import io.osmia.roles.Credentials;
import io.osmia.roles.Endpoints;
import io.osmia.roles.ExecutorExchange;
import io.osmia.roles.ManagerLink;
import io.osmia.roles.NodeSettings;
import io.osmia.roles.Registration;
import io.osmia.roles.Remotes;
import io.osmia.roles.SessionNews;
import io.osmia.roles.StartFailure;
import io.osmia.roles.WorkerRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The agent of this node. Its end leaves all workloads running; the next start takes them over. Promotion and demotion do not
 * touch it: the node's own manager comes and goes as one more way to reach a manager.
 */
@Component(service = {Workloads.class, AgentComponent.class, ExecutorExchange.class}, immediate = true)
public final class AgentComponent implements Workloads, ExecutorExchange {

    private final Agent agent;
    private final HandOver handOver;
    private final Registration credentialChanges;
    // guarded by this
    private @Nullable Endpoints own;

    @Activate
    public AgentComponent(
            BundleContext bundle,
            @Reference WorkerRole role,
            @Reference Credentials credentials,
            @Reference Remotes remotes,
            @Reference Channels channels,
            @Reference NodeSettings settings,
            @Reference Clock clock,
            @Reference Executors executors)
            throws IOException {
        executors.containersBy(settings.containerExecutor());
        Path journal = settings.stateDir().resolve("worker").resolve("tasks");
        NodeDescriber describer = new NodeDescriber(
                settings.hostname(), version(bundle.getBundle().getVersion()), Memory.total(), credentials, executors);
        agent = new Agent(
                role.nodeId(),
                remotes,
                new TaskJournal(journal),
                executors,
                describer,
                channels,
                why -> bundle.registerService(StartFailure.class, new StartFailure(why), null),
                clock,
                new SplittableRandom());
        handOver = new HandOver(executors, agent.worker());
        agent.start();
        credentialChanges = credentials.onChange(agent::credentialsChanged);
    }

    private static String version(Version version) {
        return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    }

    /** This node has a manager, which takes connections. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "managerGone")
    synchronized void managerHere(Endpoints endpoints) {
        own = endpoints;
        agent.managerHere(endpoints.selfAddress());
    }

    synchronized void managerGone(Endpoints endpoints) {
        // Another one may have taken its place already.
        if (own == endpoints) {
            own = null;
            agent.managerGone();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "tellNoMore")
    void tell(SessionNews listener) {
        agent.tell(listener);
    }

    void tellNoMore(SessionNews listener) {
        agent.tellNoMore(listener);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY, unbind = "linkNoMore")
    void link(ManagerLink listener) {
        agent.link(listener);
    }

    void linkNoMore(ManagerLink listener) {
        agent.linkNoMore(listener);
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
    public boolean leave(Duration bound) {
        return agent.leave(bound);
    }

    @Override
    public int running() {
        return agent.worker().running();
    }

    @Override
    public Optional<String> objection(String kind, Set<Integer> handleVersions) {
        return handOver.objection(kind, handleVersions);
    }

    @Override
    public int workloads(String kind) {
        return handOver.workloads(kind);
    }

    @Override
    public Optional<String> trouble(long bundle) {
        return handOver.trouble(bundle);
    }

    @Override
    public Exchange begin(String kind, Set<Long> former, long newcomer) {
        return handOver.begin(kind, former, newcomer);
    }

    @Deactivate
    void stop() {
        credentialChanges.close();
        agent.close();
    }
}
