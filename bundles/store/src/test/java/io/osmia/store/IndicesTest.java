package io.osmia.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import com.google.protobuf.Message;
import io.osmia.store.StoreException.Reason;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Driver;
import io.osmia.wire.swarmkit.GenericRuntimeSpec;
import io.osmia.wire.swarmkit.IndexEntry;
import io.osmia.wire.swarmkit.NetworkAttachmentConfig;
import io.osmia.wire.swarmkit.NetworkAttachmentSpec;
import io.osmia.wire.swarmkit.NodeRole;
import io.osmia.wire.swarmkit.NodeSpec;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.TaskSpec;
import io.osmia.wire.swarmkit.TaskState;
import io.osmia.wire.swarmkit.VolumeAttachment;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The secondary indices of rule 1.2.9. */
class IndicesTest {

    private final LocalStore store = new LocalStore(() -> Instant.EPOCH);

    @SafeVarargs
    private <T extends Message> void given(Table<T> table, T... objects) {
        store.update(1, tx -> {
            for (T object : objects) {
                tx.create(table, object);
            }
            return 0;
        });
    }

    private <T extends Message> List<String> ids(Table<T> table, By by) {
        return store.view().find(table, by).stream().map(table::id).toList();
    }

    @Test
    @DisplayName("STO-002 tasks by service, node, slot, state")
    void tasksAreFoundByServiceNodeSlotAndState() {
        Task running = Samples.task("t3", "s1", 1, "n1").toBuilder()
                .setDesiredState(TaskState.RUNNING)
                .build();
        given(
                Table.TASKS,
                running,
                Samples.task("t2", "s1", 2, "n2"),
                Samples.task("t1", "s1", 2, "n1"),
                Samples.task("t4", "s2", 1, ""));

        assertThat(ids(Table.TASKS, By.service("s1"))).containsExactly("t1", "t2", "t3");
        assertThat(ids(Table.TASKS, By.node("n1"))).containsExactly("t1", "t3");
        assertThat(ids(Table.TASKS, By.node(""))).containsExactly("t4");
        assertThat(ids(Table.TASKS, By.slot("s1", 2))).containsExactly("t1", "t2");
        assertThat(ids(Table.TASKS, By.slot("s1", 3))).isEmpty();
        assertThat(ids(Table.TASKS, By.desired(TaskState.RUNNING))).containsExactly("t3");
        assertThat(ids(Table.TASKS, By.observed(TaskState.NEW))).containsExactly("t1", "t2", "t3", "t4");
        assertThat(ids(Table.TASKS, By.observed(TaskState.RUNNING))).isEmpty();
    }

    @Test
    @DisplayName("STO-002 tasks by runtime name (1.2.7)")
    void tasksAreFoundByRuntimeName() {
        given(
                Table.TASKS,
                Samples.task("t1", "s1", 3, "n1"),
                Samples.task("t2", "s1", 0, "n1"),
                Samples.task("t3", "s1", 1, "n1").toBuilder()
                        .setAnnotations(Samples.named("Own"))
                        .build());

        assertThat(ids(Table.TASKS, By.name("name-of-s1.3.t1"))).containsExactly("t1");
        assertThat(ids(Table.TASKS, By.name("name-of-s1.n1.t2"))).containsExactly("t2");
        assertThat(ids(Table.TASKS, By.name("own"))).containsExactly("t3");
        assertThat(ids(Table.TASKS, By.namePrefix("name-of-S1."))).containsExactly("t1", "t2");
    }

    @Test
    @DisplayName("STO-002 tasks and services by network, secret, config, volume, runtime")
    void referencesAreFound() {
        Task referring = Samples.task("t1", "s1", 1, "n1").toBuilder()
                .setSpec(Samples.specWith("net", "sec", "con"))
                .addVolumes(VolumeAttachment.newBuilder().setId("vol"))
                .build();
        given(Table.TASKS, referring, Samples.task("t2", "s1", 2, "n1"));
        Service service = Samples.service("s1", "one");
        given(
                Table.SERVICES,
                service.toBuilder()
                        .setSpec(service.getSpec().toBuilder().setTask(Samples.specWith("net", "sec", "con")))
                        .build(),
                Samples.service("s2", "two"));

        assertThat(ids(Table.TASKS, By.network("net"))).containsExactly("t1");
        assertThat(ids(Table.TASKS, By.secret("sec"))).containsExactly("t1");
        assertThat(ids(Table.TASKS, By.config("con"))).containsExactly("t1");
        assertThat(ids(Table.TASKS, new By.VolumeAttachment("vol"))).containsExactly("t1");
        assertThat(ids(Table.TASKS, new By.Runtime("container"))).containsExactly("t1", "t2");
        assertThat(ids(Table.SERVICES, By.network("net"))).containsExactly("s1");
        assertThat(ids(Table.SERVICES, By.secret("sec"))).containsExactly("s1");
        assertThat(ids(Table.SERVICES, By.config("con"))).containsExactly("s1");
        assertThat(ids(Table.SERVICES, new By.Runtime("container"))).containsExactly("s1", "s2");
    }

    @Test
    @SuppressWarnings("deprecation")
    void theDeprecatedNetworksCountOnlyWhereTheTaskHasNone() {
        NetworkAttachmentConfig old =
                NetworkAttachmentConfig.newBuilder().setTarget("old").build();
        Service both = Samples.service("s1", "one");
        Service oldOnly = Samples.service("s2", "two");
        given(
                Table.SERVICES,
                both.toBuilder()
                        .setSpec(both.getSpec().toBuilder()
                                .addNetworks(old)
                                .setTask(Samples.specWith("net", "sec", "con")))
                        .build(),
                oldOnly.toBuilder()
                        .setSpec(oldOnly.getSpec().toBuilder().addNetworks(old))
                        .build());

        assertThat(ids(Table.SERVICES, By.network("old"))).containsExactly("s2");
        assertThat(ids(Table.SERVICES, By.network("net"))).containsExactly("s1");
    }

    @Test
    void runtimesHaveTheNamesOfRule128() {
        TaskSpec generic = TaskSpec.newBuilder()
                .setGeneric(GenericRuntimeSpec.newBuilder().setKind("Process"))
                .build();
        TaskSpec attachment = TaskSpec.newBuilder()
                .setAttachment(NetworkAttachmentSpec.getDefaultInstance())
                .build();

        assertThat(Names.runtime(generic)).contains("process");
        assertThat(Names.runtime(attachment)).contains("attachment");
        assertThat(Names.runtime(TaskSpec.getDefaultInstance())).isEmpty();
    }

    @Test
    void nodesVolumesAndResourcesHaveIndicesOfTheirOwn() {
        given(
                Table.NODES,
                Samples.node("n1", "a").toBuilder().setRole(NodeRole.MANAGER).build(),
                Samples.node("n2", "b").toBuilder()
                        .setSpec(NodeSpec.newBuilder().setMembership(NodeSpec.Membership.ACCEPTED))
                        .build());
        var volume = Samples.volume("v1", "v");
        given(
                Table.VOLUMES,
                volume.toBuilder()
                        .setSpec(volume.getSpec().toBuilder()
                                .setGroup("g")
                                .setDriver(Driver.newBuilder().setName("d")))
                        .build());
        given(Table.EXTENSIONS, Samples.extension("e1", "kind"));
        given(Table.RESOURCES, Samples.resource("r1", "r", "kind"));

        assertThat(ids(Table.NODES, new By.Role(NodeRole.MANAGER))).containsExactly("n1");
        assertThat(ids(Table.NODES, new By.Membership(NodeSpec.Membership.ACCEPTED)))
                .containsExactly("n2");
        assertThat(ids(Table.VOLUMES, new By.VolumeGroup("g"))).containsExactly("v1");
        assertThat(ids(Table.VOLUMES, new By.VolumeDriver("d"))).containsExactly("v1");
        assertThat(ids(Table.RESOURCES, new By.Kind("kind"))).containsExactly("r1");
    }

    @Test
    void aSelectorThatDoesNotFitTheTableIsRefused() {
        assertThatThrownBy(() -> store.view().find(Table.NODES, By.service("s1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid find argument type");
    }

    @Test
    @DisplayName("STO-005 custom index from annotations, exact and prefix")
    void customIndicesComeFromAnnotations() {
        given(Table.SERVICES, indexed("s2", "team", "blue"), indexed("s1", "team", "black"),
                indexed("s3", "tea", "mblue"));

        assertThat(ids(Table.SERVICES, new By.Custom("team", "blue"))).containsExactly("s2");
        assertThat(ids(Table.SERVICES, new By.Custom("team", "bl"))).isEmpty();
        assertThat(ids(Table.SERVICES, new By.CustomPrefix("team", "bl"))).containsExactly("s1", "s2");
        assertThat(ids(Table.SERVICES, new By.CustomPrefix("tea", ""))).containsExactly("s3");
    }

    @Test
    void anObjectWithSeveralCustomValuesComesOnce() {
        Service one = indexed("s1", "team", "blue");
        Annotations more = one.getSpec().getAnnotations().toBuilder()
                .addIndices(IndexEntry.newBuilder().setKey("team").setVal("black"))
                .build();
        given(
                Table.SERVICES,
                one.toBuilder()
                        .setSpec(one.getSpec().toBuilder().setAnnotations(more))
                        .build());

        assertThat(ids(Table.SERVICES, new By.CustomPrefix("team", "bl"))).containsExactly("s1");
    }

    private static Service indexed(String id, String key, String value) {
        Service service = Samples.service(id, "name-" + id);
        Annotations annotations = service.getSpec().getAnnotations().toBuilder()
                .addIndices(IndexEntry.newBuilder().setKey(key).setVal(value))
                .build();
        return service.toBuilder()
                .setSpec(service.getSpec().toBuilder().setAnnotations(annotations))
                .build();
    }

    @Test
    @DisplayName("STO-011 OR is the union without duplicates, in the order of the terms")
    void orIsAUnionWithoutDuplicates() {
        given(
                Table.TASKS,
                Samples.task("t1", "s1", 1, "n1"),
                Samples.task("t2", "s2", 1, "n1"),
                Samples.task("t3", "s2", 2, "n2"));

        assertThat(ids(Table.TASKS, By.or(List.of(By.service("s2"), By.node("n1"), By.name("nobody")))))
                .containsExactly("t2", "t3", "t1");
        assertThat(ids(Table.TASKS, By.or(List.of()))).isEmpty();
    }

    @Test
    void extensionsAreImmutableAndInUseByName() {
        given(Table.EXTENSIONS, Samples.extension("e1", "Kind"));
        given(Table.RESOURCES, Samples.resource("r1", "r", "Kind"));

        refuses(Reason.EXTENSION_IMMUTABLE, tx -> tx.update(Table.EXTENSIONS, tx.get(Table.EXTENSIONS, "e1")));
        refuses(Reason.EXTENSION_IN_USE, tx -> {
            tx.delete(Table.EXTENSIONS, "e1");
            return 0;
        });
        refuses(Reason.NO_KIND, tx -> tx.create(Table.RESOURCES, Samples.resource("r2", "r2", "other")));
        refuses(Reason.NAME_CONFLICT, tx -> tx.create(Table.EXTENSIONS, Samples.extension("e2", "Task")));
        refuses(Reason.NAME_CONFLICT, tx -> tx.create(Table.RESOURCES, Samples.resource("r2", "R", "Kind")));
        store.update(1, tx -> {
            tx.delete(Table.RESOURCES, "r1");
            tx.delete(Table.EXTENSIONS, "e1");
            return 0;
        });
        assertThat(store.view().count(Table.EXTENSIONS)).isZero();
    }

    private void refuses(Reason reason, java.util.function.Function<Tx, Object> body) {
        assertThatThrownBy(() -> store.update(1, body))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
