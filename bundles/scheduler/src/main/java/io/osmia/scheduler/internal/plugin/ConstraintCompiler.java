package io.osmia.scheduler.internal.plugin;

import io.osmia.api.scheduling.ConstraintEvaluator;
import io.osmia.api.scheduling.ConstraintExpression;
import io.osmia.api.scheduling.NodePredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Compiles constraints once for one set of plugins. Any thread may use it; no plugin is called under a lock. */
public final class ConstraintCompiler {

    /** Far more than a cluster has different placements; beyond it memory counts more than time. */
    private static final int REMEMBERED = 10_000;

    private final PluginSet plugins;
    private final Map<List<String>, Constraints> compiled = new ConcurrentHashMap<>();

    public ConstraintCompiler(PluginSet plugins) {
        this.plugins = plugins;
    }

    public PluginSet plugins() {
        return plugins;
    }

    /** The constraints; none when one of the expressions cannot be read (CON-002). */
    public Constraints compile(List<String> expressions) {
        if (expressions.isEmpty()) {
            return Constraints.NONE;
        }
        List<String> key = List.copyOf(expressions);
        @Nullable Constraints known = compiled.get(key);
        if (known != null) {
            return known;
        }
        Constraints constraints = compileAll(key);
        if (compiled.size() >= REMEMBERED) {
            compiled.clear();
        }
        compiled.put(key, constraints);
        return constraints;
    }

    private Constraints compileAll(List<String> expressions) {
        List<Constraints.Test> tests = new ArrayList<>();
        for (String text : expressions) {
            ConstraintExpression expression;
            try {
                expression = ConstraintExpression.parse(text);
            } catch (IllegalArgumentException e) {
                return Constraints.NONE;
            }
            tests.add(compileOne(expression));
        }
        return new Constraints(tests);
    }

    private Constraints.Test compileOne(ConstraintExpression expression) {
        Optional<Installed<ConstraintEvaluator>> owner = plugins.owner(expression.key());
        if (owner.isEmpty()) {
            return new Constraints.Unjudged("no evaluator for " + expression.key() + " is installed");
        }
        try {
            @Nullable NodePredicate predicate = owner.get()
                    .plugin()
                    .compile(expression.key(), expression.operator(), expression.value());
            return predicate != null
                    ? new Constraints.Compiled(predicate)
                    : new Constraints.Unjudged(owner.get().label() + " gave no answer to " + expression);
        } catch (RuntimeException | LinkageError e) {
            return new Constraints.Unjudged(owner.get().label() + " refused " + expression + ": " + e.getMessage());
        }
    }
}
