package io.osmia.executor.podman.internal;

import static org.assertj.core.api.Assertions.assertThat;
import com.google.gson.JsonParser;
import io.osmia.api.executor.Health;
import io.osmia.api.executor.Port;
import io.osmia.api.executor.TaskExit;
import io.osmia.executor.podman.internal.ContainerState.Phase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerStateTest {

    private static final String NEVER = "0001-01-01T00:00:00Z";
    private static final String STARTED = "2026-01-01T10:00:00.5Z";

    @ParameterizedTest
    @CsvSource({
        "created, 0001-01-01T00:00:00Z, PREPARED",
        "initialized, 0001-01-01T00:00:00Z, PREPARED",
        "running, 2026-01-01T10:00:00.5Z, RUNNING",
        "stopping, 2026-01-01T10:00:00.5Z, RUNNING",
        "paused, 2026-01-01T10:00:00.5Z, PAUSED",
        "stopped, 2026-01-01T10:00:00.5Z, ENDED",
        "exited, 2026-01-01T10:00:00.5Z, ENDED",
        "created, 2026-01-01T10:00:00.5Z, LOST"
    })
    void howFarItIs(String status, String startedAt, Phase phase) {
        assertThat(state("Status:'" + status + "',StartedAt:'" + startedAt + "'", "").phase()).isEqualTo(phase);
    }

    @Test
    void anEndIsToldWithItsCodeAndTime() {
        TaskExit exit = state(
                "Status:'exited',ExitCode:7,StartedAt:'" + STARTED + "',FinishedAt:'2026-01-01T10:00:09+00:00'", "")
                .exit();
        assertThat(exit.code()).hasValue(7);
        assertThat(exit.message()).isEmpty();
        assertThat(exit.at()).isEqualTo(Instant.parse("2026-01-01T10:00:09Z"));
    }

    @Test
    void afterARestartOfTheMachineNobodyKnowsTheCode() {
        TaskExit exit = state("Status:'created',StartedAt:'" + STARTED + "'", "").exit();
        assertThat(exit.code()).isEmpty();
        assertThat(exit.message()).contains("unknown");
    }

    @Test
    void healthIsOfAContainerThatThisExecutorHasChecked() {
        String health = "Status:'running',StartedAt:'" + STARTED + "',Health:{Status:'starting'}";
        assertThat(state(health, "").healthNow()).isEqualTo(Health.NONE);
        ContainerState checked = state(
                health, ",Healthcheck:{Test:['CMD','true'],Timeout:1000000000,Retries:2},"
                        + "Labels:{'io.osmia.health.interval':'PT0.5S','io.osmia.health.start-interval':'PT5S'}");
        assertThat(checked.healthNow()).isEqualTo(Health.STARTING);
        assertThat(checked.healthy()).isFalse();
        assertThat(checked.health().interval()).hasMillis(500);
    }

    @Test
    void portsAreThoseOfTheTaskAsTheyArePublished() {
        ContainerState state = ContainerState.of(JsonParser.parseString("""
                {State:{Status:'running',StartedAt:'2026-01-01T10:00:00Z'},NetworkSettings:{Ports:
                 {'80/tcp':[{HostIp:'',HostPort:'40167'}],'81/tcp':null}}}""").getAsJsonObject());
        assertThat(state.published(List.of(
                new Port("web", Port.Protocol.TCP, 80, 0), new Port("none", Port.Protocol.UDP, 80, 9))))
                .containsExactly(new Port("web", Port.Protocol.TCP, 80, 40167));
    }

    @Test
    void severalPortsOfTheHostMayBeOneInside() {
        ContainerState state = ContainerState.of(JsonParser.parseString("""
                {State:{Status:'running',StartedAt:'2026-01-01T10:00:00Z'},NetworkSettings:{Ports:
                 {'80/tcp':[{HostPort:'40167'},{HostPort:'8080'},{HostPort:'8081'}]}}}""").getAsJsonObject());
        assertThat(state.published(List.of(
                new Port("any", Port.Protocol.TCP, 80, 0),
                new Port("one", Port.Protocol.TCP, 80, 8081),
                new Port("other", Port.Protocol.TCP, 80, 8080))))
                .extracting(Port::published)
                .containsExactly(40167, 8081, 8080);
    }

    private static ContainerState state(String state, String config) {
        String stop = "StopSignal:15";
        return ContainerState.of(JsonParser.parseString(
                "{Id:'c1',State:{" + state + "},Config:{" + stop + config + "}}").getAsJsonObject());
    }

    @Test
    void goIsNotATime() {
        assertThat(state("Status:'created',StartedAt:'" + NEVER + "'", "").startedAt()).isEqualTo(Instant.EPOCH);
    }
}
