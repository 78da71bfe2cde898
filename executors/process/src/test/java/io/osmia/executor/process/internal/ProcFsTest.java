package io.osmia.executor.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ProcFsTest {

    private static final int STARTS = 60;

    /** While it becomes another program it has no words; who takes that for an answer takes it for somebody else. */
    @Test
    void aProcessThatBecomesOtherProgramsIsNeverSeenWithoutItsWords() throws Exception {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            words.addAll(List.of("env", "--"));
        }
        words.addAll(List.of("sleep", "7.5"));
        for (int start = 0; start < STARTS; start++) {
            Process process = new ProcessBuilder(words).start();
            Optional<String> seen = Optional.empty();
            while (seen.isEmpty() || !seen.get().equals("\0sleep\0" + "7.5\0\0")) {
                seen = ProcFs.words(process.pid());
                seen.ifPresent(some -> assertThat(some).contains("\0" + "7.5\0"));
            }
            process.destroyForcibly();
        }
    }

    @Test
    void threadsOfTheKernelHaveNoWords() {
        assertThat(ProcFs.words(2)).hasValueSatisfying(words -> assertThat(words.replace("\0", "")).isEmpty());
    }
}
