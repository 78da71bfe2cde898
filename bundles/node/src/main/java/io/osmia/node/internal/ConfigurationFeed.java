package io.osmia.node.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Hands the configuration files to Config Admin, flags over files. A value with commas becomes several where the component
 * declares an array.
 */
@Component(immediate = true, service = ConfigurationFeed.class)
public final class ConfigurationFeed {

    /** Node flags that are settings of a plugin. */
    private static final Map<String, String[]> FLAGS =
            Map.of("process.enabled", new String[] {"io.osmia.executor.process", "enabled"});

    @Activate
    public ConfigurationFeed(@Reference ConfigurationAdmin admin, @Reference Settings settings) throws IOException {
        SortedMap<String, SortedMap<String, String>> values = new TreeMap<>();
        settings.conf().values().forEach((pid, keys) -> values.put(pid, new TreeMap<>(keys)));
        FLAGS.forEach((flag, target) -> {
            @Nullable String value = settings.flag(flag);
            if (value != null) {
                values.computeIfAbsent(target[0], p -> new TreeMap<>()).put(target[1], value);
            }
        });
        forgetOthers(admin, values.keySet());
        for (Map.Entry<String, SortedMap<String, String>> pid : values.entrySet()) {
            Configuration configuration = admin.getConfiguration(pid.getKey(), "?");
            configuration.updateIfDifferent(properties(pid.getValue()));
        }
    }

    /** Config Admin remembers: what a former start had, in a file that is gone, would live on. */
    private static void forgetOthers(ConfigurationAdmin admin, Set<String> pids) throws IOException {
        Configuration @Nullable [] remembered;
        try {
            remembered = admin.listConfigurations(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter cannot be wrong", e);
        }
        if (remembered != null) {
            for (Configuration configuration : remembered) {
                if (!pids.contains(configuration.getPid())) {
                    configuration.delete();
                }
            }
        }
    }

    private static Dictionary<String, Object> properties(Map<String, String> keys) {
        Dictionary<String, Object> properties = new Hashtable<>();
        keys.forEach((key, value) -> {
            if (value.contains(",")) {
                properties.put(
                        key, Arrays.stream(value.split(",")).map(String::strip).toArray(String[]::new));
            } else if (!value.isEmpty()) {
                properties.put(key, value);
            }
        });
        return properties;
    }
}
