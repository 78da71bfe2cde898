package io.osmia.constraint.node;

import io.osmia.api.NodeFacts;
import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.NodePredicate;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;

/** Constraints on what the cluster knows of a node (rule 3.10). */
@Component
public final class NodeConstraints implements ConstraintEvaluator {

    private static final String ADDRESS = "node.ip";
    private static final String LABELS = "node.labels.";

    private static final Map<String, Function<NodeFacts, String>> ATTRIBUTES = Map.of(
            "node.id", NodeFacts::id,
            "node.hostname", NodeFacts::hostname,
            "node.role", facts -> facts.manager() ? "MANAGER" : "WORKER",
            "node.platform.os", NodeFacts::os,
            "node.platform.arch", NodeFacts::architecture);

    @Override
    public Set<String> keys() {
        return Set.of(
                "node.id", "node.hostname", ADDRESS, "node.role", "node.platform.os", "node.platform.arch", LABELS);
    }

    @Override
    public NodePredicate compile(String key, Operator operator, String value) {
        String name = key.toLowerCase(Locale.ROOT);
        if (name.equals(ADDRESS)) {
            return AddressTest.of(operator, value);
        }
        if (name.startsWith(LABELS) && name.length() > LABELS.length()) {
            // the label's own key keeps its letter case
            String label = key.substring(LABELS.length());
            return new TextTest(key, facts -> facts.nodeLabels().getOrDefault(label, ""), operator, value);
        }
        Function<NodeFacts, String> attribute = ATTRIBUTES.get(name);
        if (attribute == null) {
            throw new IllegalArgumentException("key '" + key + "' is not known");
        }
        return new TextTest(key, attribute, operator, value);
    }
}
