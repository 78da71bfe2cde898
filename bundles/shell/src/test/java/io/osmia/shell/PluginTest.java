package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.wire.osmia.Plugin;
import io.osmia.wire.osmia.PluginChange;
import io.osmia.wire.osmia.PluginInstall;
import io.osmia.wire.osmia.RemovePluginRequest;
import io.osmia.wire.osmia.RollbackPluginRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code osmia plugin}, but for its list. */
class PluginTest {

    private static final int SIZE = 3_000_000;

    private Cli cli;
    private Path jar;

    @BeforeEach
    void startNode() throws IOException {
        cli = new Cli();
        jar = Files.write(cli.folder().resolve("process.jar"), new byte[SIZE]);
        cli.change = PluginChange.newBuilder()
                .setName("process")
                .setKind("executor")
                .setFormerVersion("1.0.0")
                .setVersion("1.0.1")
                .setWorkloads(200)
                .build();
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    @Test
    void updateSendsTheWholeJarAndSaysWhatBecameOfIt() {
        assertThat(cli.run("plugin", "update", jar.toString()).out())
                .isEqualTo(
                        "executor process 1.0.1 is active in place of 1.0.0; 200 workloads were handed over, none was"
                                + " touched\n");
        assertThat(cli.asked).containsExactly(PluginInstall.newBuilder().setUpdate(true).build(), SIZE + " bytes");
    }

    @Test
    void aDryRunOnlySaysWhatWouldBeDone() {
        cli.change = cli.change.toBuilder().setDryRun(true).build();
        assertThat(cli.run("plugin", "update", "--dry-run", jar.toString()).out())
                .isEqualTo(
                        "executor process 1.0.1 would be active in place of 1.0.0; 200 workloads would be handed over\n");
        assertThat(cli.asked).contains(PluginInstall.newBuilder().setUpdate(true).setDryRun(true).build());
    }

    @Test
    void installRollbackAndRemoveAskForThat() {
        cli.change = PluginChange.newBuilder().setName("wasm").setKind("executor").setVersion("2.0.0").build();
        assertThat(cli.run("plugin", "install", jar.toString()).out()).isEqualTo("executor wasm 2.0.0 is active\n");
        assertThat(cli.run("plugin", "rollback", "wasm").code()).isZero();
        cli.change = PluginChange.newBuilder().setName("wasm").setKind("executor").setFormerVersion("2.0.0").build();
        assertThat(cli.run("plugin", "remove", "--force", "wasm").out()).isEqualTo("executor wasm 2.0.0 is removed\n");
        assertThat(cli.asked).containsExactly(
                PluginInstall.getDefaultInstance(), SIZE + " bytes",
                RollbackPluginRequest.newBuilder().setName("wasm").build(),
                RemovePluginRequest.newBuilder().setName("wasm").setForce(true).build());
    }

    @Test
    void aRefusalIsSaidAsTheNodeSaysIt() {
        cli.refusal = "plugin process 1.0.1 is refused: it does not start";
        Cli.Result result = cli.run("plugin", "update", jar.toString());
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains(cli.refusal);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Cli.Result result = cli.run("plugin", "install", cli.folder().resolve("none.jar").toString());
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("cannot read").contains("none.jar");
        assertThat(cli.asked).isEmpty();
    }

    @Test
    void inspectShowsTheActiveOne() {
        Plugin refused =
                Plugin.newBuilder().setName("process").setState("refused").setFile("b.jar").setMessage("torn").build();
        cli.plugins.add(refused);
        assertThat(cli.run("plugin", "inspect", "process").out()).contains("refused").contains("torn");
        cli.plugins.add(Plugin.newBuilder()
                .setName("process")
                .setKind("executor")
                .setVersion("1.0.1")
                .setState("active")
                .setFile("a.jar")
                .setSymbolicName("io.osmia.executor.process")
                .setSpi("[1.0,2)")
                .setExecutor("process")
                .addHandleVersions(1)
                .addHandleVersions(2)
                .setFormerVersion("1.0.0")
                .build());
        assertThat(cli.run("plugin", "inspect", "io.osmia.executor.process").out())
                .contains("active").contains("1, 2").contains("1.0.0").doesNotContain("torn");
        assertThat(cli.run("plugin", "inspect", "nobody").err()).contains("plugin nobody not found");
    }
}
