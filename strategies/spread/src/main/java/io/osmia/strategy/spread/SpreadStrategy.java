package io.osmia.strategy.spread;

import io.osmia.api.scheduling.Candidate;
import io.osmia.api.scheduling.SchedulingStrategy;
import io.osmia.api.scheduling.TaskGroup;
import java.util.Comparator;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads the tasks of a service over the nodes (rule 4.4.1): a node where the service keeps failing comes last, then fewer
 * tasks of the service win, then fewer tasks in all.
 */
@Component
public final class SpreadStrategy implements SchedulingStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(SpreadStrategy.class);

    /** So many recent failures of a service on a node make the node doubtful for it (rule 4.2.3). */
    static final int DOUBTFUL = 5;

    private static final Comparator<Candidate> ORDER = Comparator.comparingInt(SpreadStrategy::doubt)
            .thenComparingInt(Candidate::serviceTasks)
            .thenComparingInt(Candidate::activeTasks);

    private final String version;

    @Activate
    public SpreadStrategy(BundleContext context) {
        this(context.getBundle().getVersion().toString());
    }

    SpreadStrategy(String version) {
        this.version = version;
    }

    @Override
    public String name() {
        return "spread";
    }

    @Override
    public Comparator<Candidate> order(TaskGroup group) {
        LOG.info("spread {} orders nodes for {} tasks of service {}", version, group.size(), group.serviceName());
        return ORDER;
    }

    /**
     * The number of failures, once there are enough of them to count. Two nodes below the threshold are alike, and one below
     * it always has fewer than one that reached it: so this is the pairwise rule "if either node has 5, fewer wins".
     */
    private static int doubt(Candidate candidate) {
        return candidate.recentFailures() < DOUBTFUL ? 0 : candidate.recentFailures();
    }
}
