package io.osmia.wire;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.osmia.wire.WireTable.Row;
import io.osmia.wire.plugin.PluginProto;
import io.osmia.wire.swarmkit.CaProto;
import io.osmia.wire.swarmkit.ControlProto;
import io.osmia.wire.swarmkit.DispatcherProto;
import io.osmia.wire.swarmkit.HealthProto;
import io.osmia.wire.swarmkit.LogbrokerProto;
import io.osmia.wire.swarmkit.ObjectsProto;
import io.osmia.wire.swarmkit.RaftProto;
import io.osmia.wire.swarmkit.ResourceProto;
import io.osmia.wire.swarmkit.SnapshotProto;
import io.osmia.wire.swarmkit.SpecsProto;
import io.osmia.wire.swarmkit.TypesProto;
import io.osmia.wire.swarmkit.WatchProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The .proto files say what the table says: nothing else, nothing less. */
class ProtocolTest {

    private static final List<FileDescriptor> OURS = List.of(
            CaProto.getDescriptor(),
            ControlProto.getDescriptor(),
            DispatcherProto.getDescriptor(),
            HealthProto.getDescriptor(),
            LogbrokerProto.getDescriptor(),
            ObjectsProto.getDescriptor(),
            RaftProto.getDescriptor(),
            ResourceProto.getDescriptor(),
            SnapshotProto.getDescriptor(),
            SpecsProto.getDescriptor(),
            TypesProto.getDescriptor(),
            WatchProto.getDescriptor(),
            PluginProto.getDescriptor(),
            io.osmia.wire.raftpb.RaftProto.getDescriptor());

    private static Set<String> table(List<Row> rows) throws DescriptorValidationException {
        return Facts.of(TableDescriptors.of(rows).values());
    }

    @Test
    void everyFactOfTheTableStandsInTheFiles() throws IOException, DescriptorValidationException {
        assertThat(Facts.of(OURS)).containsAll(table(WireTable.read()));
    }

    @Test
    void theFilesSayNothingThatTheTableDoesNot() throws IOException, DescriptorValidationException {
        assertThat(table(WireTable.read())).containsAll(Facts.of(OURS));
    }

    @Test
    void theTableIsThereWhole() throws IOException, DescriptorValidationException {
        Set<String> facts = table(WireTable.read());

        assertThat(facts).filteredOn(fact -> fact.startsWith("method ")).hasSize(65);
        assertThat(facts).hasSizeGreaterThan(1000);
    }

    @Test
    void oneOtherNumberInTheTableIsNoticed() throws IOException, DescriptorValidationException {
        List<Row> rows = new ArrayList<>(WireTable.read());
        int at = rows.indexOf(rows.stream()
                .filter(row -> row.owner().equals("Task") && row.name().equals("service_id"))
                .findFirst()
                .orElseThrow());
        rows.set(at, rows.get(at).withNumber("99"));

        assertThat(Facts.of(OURS))
                .doesNotContain("field docker.swarmkit.v1.Task.service_id = 99 one STRING")
                .contains("field docker.swarmkit.v1.Task.service_id = 4 one STRING");
        assertThat(table(rows))
                .contains("field docker.swarmkit.v1.Task.service_id = 99 one STRING")
                .isNotEqualTo(Facts.of(OURS));
    }
}
