package io.osmia.control.internal.calls;

import static io.osmia.control.internal.TestCluster.refusalOf;
import static io.osmia.control.internal.TestCluster.spec;
import static org.assertj.core.api.Assertions.assertThat;
import com.google.protobuf.util.Durations;
import io.osmia.control.internal.TestCluster;
import io.osmia.store.Table;
import io.osmia.wire.swarmkit.CreateServiceRequest;
import io.osmia.wire.swarmkit.EndpointSpec;
import io.osmia.wire.swarmkit.GetServiceRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.NetworkAttachmentConfig;
import io.osmia.wire.swarmkit.RemoveServiceRequest;
import io.osmia.wire.swarmkit.RestartPolicy.RestartCondition;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.ServiceSpec;
import io.osmia.wire.swarmkit.UpdateServiceRequest;
import io.osmia.wire.swarmkit.UpdateStatus;
import io.osmia.wire.swarmkit.Version;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceCallsTest {

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aCreatedServiceIsAnsweredAsStored() {
        Service service = create(spec("web"));
        assertThat(service.getId()).hasSize(25);
        assertThat(service.getMeta().getVersion().getIndex()).isPositive();
        assertThat(service.getMeta().hasCreatedAt()).isTrue();
        assertThat(service.hasSpecVersion()).isTrue();
        assertThat(service.getSpecVersion().getIndex()).isZero();
        assertThat(service).isEqualTo(cluster.get(Table.SERVICES, service.getId()));
    }

    @Test
    void aServiceNeedsASpec() {
        assertThat(refusalOf(() -> cluster.api.createService(CreateServiceRequest.getDefaultInstance())))
                .isEqualTo("INVALID_ARGUMENT: invalid argument");
    }

    @Test
    void aNameIsTakenWhateverItsLetterCase() {
        create(spec("web"));
        assertThat(refusalOf(() -> create(spec("Web"))))
                .isEqualTo("ALREADY_EXISTS: name conflicts with an existing object: service Web already exists");
        assertThat(cluster.store.view().count(Table.SERVICES)).isOne();
    }

    @Test
    void aBrokenRuleIsToldBeforeAMissingComponent() {
        ServiceSpec.Builder spec = spec("web");
        spec.getTaskBuilder().getLogDriverBuilder().setName("x");
        spec.getTaskBuilder().getContainerBuilder().setHostname("{{.Node.ID}}");
        spec.getEndpointBuilder().addPortsBuilder();
        spec.getAnnotationsBuilder().setName("-");
        assertThat(refusalOf(() -> create(spec)))
                .isEqualTo("INVALID_ARGUMENT: name must be valid as a DNS name component");
        spec.getAnnotationsBuilder().setName("web");
        assertThat(refusalOf(() -> create(spec)))
                .isEqualTo("UNIMPLEMENTED: spec.task.log_driver is not supported yet");
        spec.getTaskBuilder().clearLogDriver();
        assertThat(refusalOf(() -> create(spec)))
                .isEqualTo("UNIMPLEMENTED: spec.endpoint.ports is not supported yet");
        spec.clearEndpoint();
        assertThat(refusalOf(() -> create(spec)))
                .isEqualTo("UNIMPLEMENTED: spec.task.container.hostname template is not supported yet");
    }

    @Test
    @DisplayName("API-012")
    void aServiceIsFoundByItsIdAlone() {
        Service service = create(spec("web"));
        assertThat(get(service.getId(), false)).isEqualTo(service);
        assertThat(refusalOf(() -> get("", false))).isEqualTo("INVALID_ARGUMENT: invalid argument");
        assertThat(refusalOf(() -> get("web", false))).isEqualTo("NOT_FOUND: service web not found");
    }

    @Test
    @DisplayName("rule 1.4.20")
    void defaultsAreShownOnRequestAndNeverStored() {
        Service service = create(spec("web"));
        ServiceSpec shown = get(service.getId(), true).getSpec();
        assertThat(shown.getTask().getContainer().getStopGracePeriod()).isEqualTo(Durations.fromSeconds(10));
        assertThat(shown.getTask().getContainer().hasPullOptions()).isTrue();
        assertThat(shown.getTask().getContainer().hasDnsConfig()).isTrue();
        assertThat(shown.getTask().hasResources()).isTrue();
        assertThat(shown.getTask().hasPlacement()).isTrue();
        assertThat(shown.getTask().getRestart().getCondition()).isEqualTo(RestartCondition.ANY);
        assertThat(shown.getTask().getRestart().getDelay()).isEqualTo(Durations.fromSeconds(5));
        assertThat(List.of(shown.getUpdate(), shown.getRollback())).allSatisfy(update -> {
            assertThat(update.getParallelism()).isOne();
            assertThat(update.getMonitor()).isEqualTo(Durations.fromSeconds(5));
        });
        assertThat(cluster.get(Table.SERVICES, service.getId())).isEqualTo(service);
    }

    @Test
    @DisplayName("rule 1.4.20")
    void aPolicyWithoutConditionMeansNone() {
        ServiceSpec.Builder spec = spec("web");
        spec.getTaskBuilder().getRestartBuilder().setMaxAttempts(3);
        spec.getUpdateBuilder().setMaxFailureRatio(0.5f);
        ServiceSpec shown = get(create(spec).getId(), true).getSpec();
        assertThat(shown.getTask().getRestart().getCondition()).isEqualTo(RestartCondition.NONE);
        assertThat(shown.getTask().getRestart().getDelay()).isEqualTo(Durations.fromSeconds(5));
        assertThat(shown.getUpdate().getParallelism()).isZero();
        assertThat(shown.getUpdate().getMonitor()).isEqualTo(Durations.fromSeconds(5));
    }

    @Test
    @DisplayName("rule 1.4.18")
    void anUpdateKeepsTheFormerSpec() {
        Service first = create(spec("web"));
        cluster.replace(
                Table.SERVICES,
                first.toBuilder()
                        .setUpdateStatus(UpdateStatus.newBuilder().setMessage("old"))
                        .build());
        Service stored = cluster.get(Table.SERVICES, first.getId());
        Service second = update(stored, spec("web").setReplicated(spec("x").getReplicatedBuilder().setReplicas(5)));
        assertThat(second.getSpec().getReplicated().getReplicas()).isEqualTo(5);
        assertThat(second.getSpecVersion()).isEqualTo(stored.getMeta().getVersion());
        assertThat(second.getPreviousSpec()).isEqualTo(first.getSpec());
        assertThat(second.getPreviousSpecVersion().getIndex()).isZero();
        assertThat(second.hasUpdateStatus()).isFalse();

        Service third = update(second, spec("web"));
        assertThat(third.getPreviousSpec()).isEqualTo(second.getSpec());
        assertThat(third.getPreviousSpecVersion()).isEqualTo(second.getSpecVersion());
    }

    @Test
    @DisplayName("rule 1.4.18: rollback")
    void aRollbackSwapsTheSpecs() {
        Service first = create(spec("web"));
        Service second = update(first, spec("web").setTask(first.getSpec().getTask().toBuilder().setForceUpdate(1)));
        Service third = update(second, spec("web").setTask(first.getSpec().getTask().toBuilder().setForceUpdate(2)));
        Service back = rollBack(third);
        assertThat(back.getSpec()).isEqualTo(second.getSpec());
        assertThat(back.getSpecVersion()).isEqualTo(second.getSpecVersion());
        assertThat(back.getPreviousSpec()).isEqualTo(third.getSpec());
        assertThat(back.getPreviousSpecVersion()).isEqualTo(third.getSpecVersion());
        assertThat(back.getUpdateStatus().getState()).isEqualTo(UpdateStatus.UpdateState.ROLLBACK_STARTED);
        assertThat(back.getUpdateStatus().getMessage()).isEqualTo("manually requested rollback");
        assertThat(back.getUpdateStatus().getStartedAt().getSeconds()).isEqualTo(cluster.now.getEpochSecond());
        assertThat(refusalOf(() -> rollBack(third))).isEqualTo("UNKNOWN: update out of sequence");
        assertThat(rollBack(back).getSpec()).isEqualTo(third.getSpec());
    }

    @Test
    @DisplayName("rule 1.4.18: rollback")
    void aNewServiceHasNothingToGoBackTo() {
        Service service = create(spec("web"));
        assertThat(refusalOf(() -> rollBack(service)))
                .isEqualTo("FAILED_PRECONDITION: service " + service.getId() + " does not have a previous spec");
    }

    @Test
    @DisplayName("rule 1.1.5")
    void aStaleUpdateIsRefused() {
        Service first = create(spec("web"));
        update(first, spec("web"));
        assertThat(refusalOf(() -> update(first, spec("web")))).isEqualTo("UNKNOWN: update out of sequence");
    }

    @Test
    void anUpdateNeedsIdVersionAndSpec() {
        UpdateServiceRequest good = request(create(spec("web")), spec("web"));
        assertThat(List.of(
                good.toBuilder().clearServiceId().build(),
                good.toBuilder().clearServiceVersion().build(),
                good.toBuilder().clearSpec().build()))
                .allSatisfy(request -> assertThat(refusalOf(() -> cluster.api.updateService(request)))
                        .isEqualTo("INVALID_ARGUMENT: invalid argument"));
        assertThat(refusalOf(() -> cluster.api.updateService(good.toBuilder().setServiceId("x").build())))
                .isEqualTo("NOT_FOUND: service x not found");
    }

    @Test
    @DisplayName("rule 1.4.18")
    void modeAndNameStay() {
        Service service = create(spec("web"));
        ServiceSpec.Builder global = spec("web");
        global.getGlobalBuilder();
        assertThat(refusalOf(() -> update(service, global)))
                .isEqualTo("UNIMPLEMENTED: service mode change is not allowed");
        assertThat(refusalOf(() -> update(service, spec("other"))))
                .isEqualTo("UNIMPLEMENTED: renaming services is not supported");
    }

    @Test
    void anUpdateToWhatNobodyHonoursIsRefused() {
        Service service = create(spec("web"));
        ServiceSpec.Builder spec = spec("web");
        spec.getEndpointBuilder().setMode(EndpointSpec.ResolutionMode.DNSRR);
        assertThat(refusalOf(() -> update(service, spec)))
                .isEqualTo("UNIMPLEMENTED: spec.endpoint.mode is not supported yet");
        assertThat(cluster.get(Table.SERVICES, service.getId())).isEqualTo(service);
    }

    @Test
    @DisplayName("API-014: deprecated networks")
    void deprecatedNetworksMustBeMigrated() {
        ServiceSpec.Builder old = spec("web").addNetworks(NetworkAttachmentConfig.newBuilder().setTarget("n"));
        Service service = cluster.put(
                Table.SERVICES,
                Service.newBuilder().setId("s").setSpec(old).build());
        assertThat(refusalOf(() -> update(service, spec("web"))))
                .isEqualTo("UNIMPLEMENTED: networks must be migrated to TaskSpec before being changed");
        assertThat(update(service, old.clone().setTask(old.getTaskBuilder().setForceUpdate(1)))
                .getSpec()
                .getTask()
                .getForceUpdate())
                .isOne();
    }

    @Test
    @DisplayName("API-015")
    void aRemovedServiceIsGoneAtOnce() {
        Service service = create(spec("web"));
        remove(service.getId());
        assertThat(cluster.store.view().count(Table.SERVICES)).isZero();
        assertThat(refusalOf(() -> remove(service.getId())))
                .isEqualTo("NOT_FOUND: service " + service.getId() + " not found");
        assertThat(refusalOf(() -> remove(""))).isEqualTo("INVALID_ARGUMENT: invalid argument");
    }

    @Test
    @DisplayName("rules 1.3.6 and 1.3.8")
    void filtersAreAlternativesWithinAndConditionsAmong() {
        ServiceSpec.Builder labelled = spec("beta");
        labelled.getAnnotationsBuilder().putLabels("tier", "front");
        create(spec("alpha"));
        create(labelled);
        create(spec("gamma"));
        assertThat(names(ListServicesRequest.Filters.newBuilder())).containsExactly("alpha", "beta", "gamma");
        assertThat(names(ListServicesRequest.Filters.newBuilder().addNames("gamma").addNames("alpha")))
                .containsExactlyInAnyOrder("alpha", "gamma");
        assertThat(names(ListServicesRequest.Filters.newBuilder().addNames("Alpha"))).isEmpty();
        assertThat(names(ListServicesRequest.Filters.newBuilder().addNamePrefixes("b"))).containsExactly("beta");
        assertThat(names(ListServicesRequest.Filters.newBuilder().addIdPrefixes("0").addNames("beta")))
                .containsExactly("beta");
        assertThat(names(ListServicesRequest.Filters.newBuilder().addIdPrefixes("z"))).isEmpty();
        assertThat(names(ListServicesRequest.Filters.newBuilder().putLabels("tier", ""))).containsExactly("beta");
        assertThat(names(ListServicesRequest.Filters.newBuilder().putLabels("tier", "back"))).isEmpty();
        assertThat(names(ListServicesRequest.Filters.newBuilder().addNames("alpha").putLabels("tier", ""))).isEmpty();
        assertThat(names(ListServicesRequest.Filters.newBuilder().addRuntimes("container"))).hasSize(3);
        assertThat(names(ListServicesRequest.Filters.newBuilder().addRuntimes("process"))).isEmpty();
    }

    private List<String> names(ListServicesRequest.Filters.Builder filters) {
        ListServicesRequest request =
                ListServicesRequest.newBuilder().setFilters(filters).build();
        return cluster.api.listServices(request).getServicesList().stream()
                .map(service -> service.getSpec().getAnnotations().getName())
                .toList();
    }

    private Service create(ServiceSpec.Builder spec) {
        return cluster.api
                .createService(CreateServiceRequest.newBuilder().setSpec(spec).build())
                .getService();
    }

    private Service get(String id, boolean insertDefaults) {
        return cluster.api
                .getService(GetServiceRequest.newBuilder()
                        .setServiceId(id)
                        .setInsertDefaults(insertDefaults)
                        .build())
                .getService();
    }

    private Service update(Service service, ServiceSpec.Builder spec) {
        return cluster.api.updateService(request(service, spec)).getService();
    }

    private Service rollBack(Service service) {
        UpdateServiceRequest request = request(service, service.getSpec().toBuilder())
                .toBuilder()
                .setRollback(UpdateServiceRequest.Rollback.PREVIOUS)
                .build();
        return cluster.api.updateService(request).getService();
    }

    private static UpdateServiceRequest request(Service service, ServiceSpec.Builder spec) {
        Version version = service.getMeta().getVersion();
        return UpdateServiceRequest.newBuilder()
                .setServiceId(service.getId())
                .setServiceVersion(version)
                .setSpec(spec)
                .build();
    }

    private void remove(String id) {
        RemoveServiceRequest request =
                RemoveServiceRequest.newBuilder().setServiceId(id).build();
        assertThat(cluster.api.removeService(request)).isNotNull();
    }
}
