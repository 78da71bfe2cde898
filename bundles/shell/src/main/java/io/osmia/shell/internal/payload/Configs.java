package io.osmia.shell.internal.payload;

import com.google.protobuf.ByteString;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Lookup;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.ConfigSpec;
import io.osmia.wire.swarmkit.CreateConfigRequest;
import io.osmia.wire.swarmkit.ListConfigsRequest;
import io.osmia.wire.swarmkit.Meta;
import io.osmia.wire.swarmkit.RemoveConfigRequest;
import io.osmia.wire.swarmkit.UpdateConfigRequest;
import java.util.List;

/** Configs: their payload is shown. */
final class Configs implements PayloadKind<Config> {

    @Override
    public String id(Config config) {
        return config.getId();
    }

    @Override
    public Meta meta(Config config) {
        return config.getMeta();
    }

    @Override
    public Annotations annotations(Config config) {
        return config.getSpec().getAnnotations();
    }

    @Override
    public Config find(Session session, String given) throws NotReachable {
        return new Lookup(session).config(given);
    }

    @Override
    public List<Config> list(Session session) throws NotReachable {
        return session.control().listConfigs(ListConfigsRequest.getDefaultInstance()).getConfigsList();
    }

    @Override
    public String create(Session session, Annotations annotations, ByteString data) throws NotReachable {
        return session.control()
                .createConfig(CreateConfigRequest.newBuilder()
                        .setSpec(ConfigSpec.newBuilder().setAnnotations(annotations).setData(data))
                        .build())
                .getConfig()
                .getId();
    }

    @Override
    public void update(Session session, Config config, Annotations annotations) throws NotReachable {
        session.control()
                .updateConfig(UpdateConfigRequest.newBuilder()
                        .setConfigId(config.getId())
                        .setConfigVersion(config.getMeta().getVersion())
                        .setSpec(config.getSpec().toBuilder().setAnnotations(annotations))
                        .build());
    }

    @Override
    public void remove(Session session, String id) throws NotReachable {
        session.control()
                .removeConfig(RemoveConfigRequest.newBuilder().setConfigId(id).build());
    }

    @Override
    public List<String> extraColumns() {
        return List.of();
    }

    @Override
    public List<String> extraCells(Config config) {
        return List.of();
    }

    @Override
    public void describe(Config config, Summary summary) {
        ByteString data = config.getSpec().getData();
        summary.line("Size", data.size() + " bytes");
        if (!isText(data)) {
            summary.line("Data", "no text; --format json has it in base64");
        }
    }

    @Override
    public String text(Config config) {
        ByteString data = config.getSpec().getData();
        return isText(data) ? data.toStringUtf8() : "";
    }

    /** What else there is would command the terminal. */
    private static boolean isText(ByteString data) {
        return data.isValidUtf8()
                && data.toStringUtf8().chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t' && c != '\r');
    }
}
