package io.osmia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.ByteString;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.CreateSecretRequest;
import io.osmia.wire.swarmkit.RemoveSecretRequest;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.UpdateSecretRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets and configs: rule 10.4.4. */
class PayloadTest {

    private Cli cli;

    @BeforeEach
    void fillNode() throws IOException {
        cli = new Cli();
        cli.control.secrets.add(secret("secret1id", "old", 7200));
        cli.control.secrets.add(secret("secret2id", "new", 60));
        Config.Builder config = Config.newBuilder().setId("config1id");
        config.getMetaBuilder().setCreatedAt(FakeControl.at(Cli.NOW - 60));
        config.getSpecBuilder().setData(ByteString.copyFromUtf8("a = 1\nb = 2\n")).getAnnotationsBuilder()
                .setName("conf");
        cli.control.configs.add(config.build());
    }

    private static Secret secret(String id, String name, int age) {
        Secret.Builder secret = Secret.newBuilder().setId(id);
        secret.getMetaBuilder().setCreatedAt(FakeControl.at(Cli.NOW - age)).getVersionBuilder().setIndex(9);
        secret.getSpecBuilder().getAnnotationsBuilder().setName(name).putLabels("a", "1");
        return secret.build();
    }

    @AfterEach
    void close() throws Exception {
        cli.close();
    }

    private void prints(String expected, String... words) {
        Cli.Result result = cli.run(words);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(expected);
    }

    @Test
    void listsShowTheNewestFirst() {
        prints(
                """
                ID         Name  Driver  Created
                --         ----  ------  -------
                secret2id  new           1 minute ago
                secret1id  old           2 hours ago
                """,
                "secret", "ls");
        prints(
                """
                ID         Name  Created
                --         ----  -------
                config1id  conf  1 minute ago
                """,
                "config", "ls");
        prints("secret2id\nsecret1id\n", "secret", "ls", "-q");
    }

    @Test
    void inspectShowsTheDataOfAConfigAlone() {
        prints(
                """
                ID      : secret1id
                Name    : old
                Labels  :
                  a     : 1
                Created : 2 hours ago
                """,
                "secret", "inspect", "old");
        prints(
                """
                ID      : config1id
                Name    : conf
                Created : 1 minute ago
                Size    : 12 bytes

                a = 1
                b = 2
                """,
                "config", "inspect", "conf");
    }

    @Test
    void whatIsNoTextIsNotPrintedOnATerminal() {
        Config.Builder config = cli.control.configs.getFirst().toBuilder();
        config.getSpecBuilder().setData(ByteString.copyFrom(new byte[] {(byte) 0xff, 0, 27}));
        cli.control.configs.set(0, config.build());
        assertThat(cli.run("config", "inspect", "conf").out()).endsWith(
                "Data    : no text; --format json has it in base64\n");
    }

    @Test
    void thePayloadComesFromAFileOrStandardInput() throws IOException {
        Path file = Files.writeString(cli.folder().resolve("f"), "from file");
        cli.input = "from input";
        prints("created\n", "secret", "create", "s", file.toString(), "--label", "k=v");
        CreateSecretRequest.Builder expected = CreateSecretRequest.newBuilder();
        expected.getSpecBuilder().setData(ByteString.copyFromUtf8("from file")).getAnnotationsBuilder().setName("s")
                .putLabels("k", "v");
        assertThat(cli.control.onlyChange(CreateSecretRequest.class)).isEqualTo(expected.build());
        for (String[] words : new String[][] {{"config", "create", "s"}, {"config", "create", "s", "-"},
            {"config", "create", "-f", "-", "s"}}) {
            cli.control.changes.clear();
            prints("created\n", words);
            assertThat(cli.control.onlyChange(CreateConfigRequest.class).getSpec().getData().toStringUtf8())
                    .isEqualTo("from input");
        }
        assertThat(cli.run("secret", "create", "s", "/none").err())
                .isEqualTo("osmia: cannot read /none: NoSuchFileException\n");
    }

    @Test
    void onlyLabelsAreUpdated() {
        prints("secret1id\n", "secret", "update", "old", "--label-add", "b=2", "--label-rm", "a");
        UpdateSecretRequest request = cli.control.onlyChange(UpdateSecretRequest.class);
        assertThat(request.getSecretId()).isEqualTo("secret1id");
        assertThat(request.getSecretVersion().getIndex()).isEqualTo(9);
        assertThat(request.getSpec().getAnnotations().getName()).isEqualTo("old");
        assertThat(request.getSpec().getAnnotations().getLabelsMap()).containsOnlyKeys("b");
        assertThat(cli.run("secret", "update", "old", "--label-add", "a=1").err())
                .isEqualTo("osmia: no changes detected\n");
    }

    @Test
    void severalAreRemovedByNameAndPrefix() {
        Cli.Result result = cli.run("secret", "rm", "old", "nobody", "secret2");
        assertThat(result.out()).isEqualTo("old\nsecret2\n");
        assertThat(result.err())
                .isEqualTo("osmia: secret nobody not found; 'osmia secret ls' shows what there is\n");
        assertThat(cli.control.changes).containsExactly(
                RemoveSecretRequest.newBuilder().setSecretId("secret1id").build(),
                RemoveSecretRequest.newBuilder().setSecretId("secret2id").build());
    }
}
