package io.osmia.itests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.HostProcesses;
import io.osmia.itests.harness.OnDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises to someone who has just built the project. */
class QuickstartIT {

    @TempDir(factory = OnDisk.class)
    Path home;

    @AfterEach
    void stop() throws Exception {
        quickstart("--stop");
    }

    @Test
    void startsOnceShowsRealProcessesAndLeavesNothingBehind() throws Exception {
        Distribution.Result first = quickstart();
        assertThat(first.code()).as(first.err()).isZero();
        Path state = home.resolve("state/osmia-quickstart");
        Map<String, HostProcesses.Identity> processes = HostProcesses.live(state);
        assertThat(processes).hasSize(3);
        assertThat(processes.keySet()).allSatisfy(id -> assertThat(first.out()).contains(id));

        for (String command : commands(first.out())) {
            Distribution.Result result = run(List.of("sh", "-c", command));
            assertThat(result.code()).as(command + "\n" + result.err()).isZero();
            assertThat(result.out()).as(command).isNotBlank();
        }

        Distribution.Result again = quickstart();
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(HostProcesses.live(state)).containsAllEntriesOf(processes);

        assertThat(quickstart("--stop").code()).isZero();
        assertThat(state).doesNotExist();
        assertThat(HostProcesses.of(state)).isEmpty();
        assertThat(processes.values()).noneMatch(HostProcesses::isAlive);
    }

    @Test
    void aKilledNodeIsStartedAgainAndTakesItsProcessesOver() throws Exception {
        assertThat(quickstart().code()).isZero();
        Path state = home.resolve("state/osmia-quickstart");
        Map<String, HostProcesses.Identity> processes = HostProcesses.live(state);
        long pid = Long.parseLong(Files.readString(state.resolve("node.lock")).strip());
        ProcessHandle node = ProcessHandle.of(pid).orElseThrow();
        node.destroyForcibly();
        node.onExit().join();

        assertThat(quickstart().code()).isZero();
        assertThat(HostProcesses.live(state)).isEqualTo(processes);
    }

    /** The commands that it says to try next: lines that begin with the path of the launcher. */
    private static List<String> commands(String out) {
        List<String> commands =
                out.lines().map(String::strip).filter(line -> line.startsWith("/")).toList();
        assertThat(commands).as(out).hasSize(3);
        return commands;
    }

    private Distribution.Result quickstart(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Distribution.launcher(), "quickstart"));
        command.addAll(List.of(words));
        return run(command);
    }

    private Distribution.Result run(List<String> command) throws Exception {
        return Distribution.run(
                Map.of("HOME", home.toString(), "XDG_STATE_HOME", home.resolve("state").toString()), command);
    }
}
