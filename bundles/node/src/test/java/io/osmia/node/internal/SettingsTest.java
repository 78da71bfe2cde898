package io.osmia.node.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import io.osmia.raft.StateException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

/** Flags over files over defaults. */
class SettingsTest {

    @TempDir
    private Path state;

    private final Map<String, String> flags = new HashMap<>();

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectories(state.resolve("conf"));
        flags.put("osmia.state.dir", state.toString());
        flags.put("osmia.home", state.resolve("home").toString());
    }

    private Settings settings() {
        return new Settings((BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getProperty");
                    return flags.get((String) arguments[0]);
                }));
    }

    private void file(String text) throws IOException {
        Files.writeString(state.resolve("conf").resolve("io.osmia.node.cfg"), text);
    }

    @Test
    void withoutFlagsAndFilesThereAreDefaults() {
        Settings settings = settings();

        assertThat(settings.listenRemoteApi()).isEqualTo("0.0.0.0:4242");
        assertThat(settings.listenControlApi()).isEqualTo(state.resolve("osmia.sock"));
        assertThat(settings.availability()).isEqualTo("active");
        assertThat(settings.advertiseRemoteApi()).isEmpty();
        assertThat(settings.hostname()).isNotEmpty();
        assertThat(settings.stopTasksOnExit()).isFalse();
        assertThatCode(settings::requireSound).doesNotThrowAnyException();
    }

    @Test
    void aFlagGoesOverAFile() throws IOException {
        file("listen.remote = 127.0.0.1:1\nhostname = of the file\n");
        flags.put("osmia.listen.remote", "127.0.0.1:2");

        assertThat(settings().listenRemoteApi()).isEqualTo("127.0.0.1:2");
        assertThat(settings().hostname()).isEqualTo("of the file");
    }

    @Test
    void aFileThatIsNotUnderstoodEndsTheNodeAndNoComponent() throws IOException {
        file("hostname = \\u12\n");
        Settings settings = settings();

        assertThatThrownBy(settings::requireSound)
                .isInstanceOf(StateException.class)
                .hasMessageContaining("conf/io.osmia.node.cfg: is not understood");
    }

    @Test
    void anAvailabilityThatThereIsNotEndsTheNode() throws IOException {
        file("availability = Paused\n");
        Settings settings = settings();

        assertThatThrownBy(settings::requireSound)
                .hasMessageContaining("availability is one of active, pause, drain, not 'Paused'");
    }
}
