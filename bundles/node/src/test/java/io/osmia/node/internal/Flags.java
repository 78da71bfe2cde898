package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;

/** The framework properties that the launcher makes of flags. */
final class Flags {

    private final Map<String, String> flags = new HashMap<>();

    Flags(Path state) {
        flags.put("osmia.state.dir", state.toString());
        flags.put("osmia.home", state.resolve("home").toString());
    }

    Flags with(String key, String value) {
        flags.put("osmia." + key, value);
        return this;
    }

    Settings settings() {
        return new Settings((BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getProperty");
                    return flags.get((String) arguments[0]);
                }));
    }
}
