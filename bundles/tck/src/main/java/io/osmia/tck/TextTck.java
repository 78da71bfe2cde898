package io.osmia.tck;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.TaskController;
import io.osmia.api.executor.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users write is data: never a path, a shell's word or a piece of an address. */
interface TextTck extends Suite {

    /** Texts that mean something to somebody else. */
    String[] TEXTS = {
        "two words", "it's", "\"quoted\"", "../../../etc/passwd", "$(touch /tmp/osmia-tck-hostile)",
        "`touch /tmp/osmia-tck-hostile`", "; touch /tmp/osmia-tck-hostile #", "-rf", "*", "a\\nb\\", "%s%n",
        "?a=b&c#d%2e",
        "{{.ID}}", "tab\there", "\u00fcml\u00e4ut \u2603", ""
    };

    @Test
    default void argumentsArriveAsTheyAre() throws Exception {
        ExecutorTask task = bench().task(Program.writesArguments(TEXTS));
        assertThat(bench().started(task).await().code()).hasValue(0);
        assertThat(bench().text(task)).containsExactlyElementsOf(
                List.of(TEXTS).stream().map(text -> "[" + text + "]").toList());
        nothingWasRun();
    }

    @Test
    default void argumentsMayHaveLineEnds() throws Exception {
        ExecutorTask task = bench().task(Program.writesArguments("one\ntwo"));
        assertThat(bench().started(task).await().code()).hasValue(0);
        assertThat(bench().text(task)).containsExactly("[one", "two]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "two words", "it's \"quoted\"", "one\ntwo\nLD_PRELOAD=/x", "a=b=c", "$(touch /tmp/osmia-tck-hostile)", "..", "",
        "back\\slash\\n", "\u00fcml\u00e4ut"
    })
    default void variablesArriveAsTheyAre(String value) throws Exception {
        Workload workload = tck().workload(Program.writesVariable("TCK").words());
        ExecutorTask task = bench().task(workload.toBuilder().env(List.of("FIRST=1", "TCK=" + value)).build());
        assertThat(bench().started(task).await().code()).hasValue(0);
        assertThat(String.join("\n", bench().text(task))).isEqualTo(value);
        nothingWasRun();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "two words", "../../x", "/etc/x", "a'b\"c", "$(touch /tmp/osmia-tck-hostile)", "a/json?all=1", "%2e%2e", "x\ny",
        "\u00fc", ""
    })
    default void namesAreNamesAndNothingElse(String name) throws Exception {
        ExecutorTask plain = bench().task(Program.exits(0));
        worksOrIsRefused(new ExecutorTask(
                plain.id(), name, name, name, plain.nodeId(), 1, Map.of("text", name), Map.of("text", name),
                plain.workload().toBuilder().labels(Map.of("text", name)).build(), plain.resources(), plain.ports(),
                plain.logDriver()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "a b", "$(id)", "..", "", "a\nb", "-x"})
    default void anIdThatIsNoneIsRefused(String id) throws Exception {
        ExecutorTask plain = bench().task(Program.exits(0));
        ExecutorTask task = new ExecutorTask(
                id, plain.name(), "s", "s", plain.nodeId(), 1, Map.of(), Map.of(), plain.workload(), plain.resources(),
                plain.ports(), plain.logDriver());
        Throwable refused = Call.of(() -> bench().executor().handle(task, "")).failure(bench().patience());
        assertThat(refused).isInstanceOfSatisfying(
                ExecutorException.class, e -> assertThat(e.temporary()).as(e.getMessage()).isFalse());
        assertThat(bench().listed()).doesNotContain(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "../..", "$(touch /tmp/osmia-tck-hostile)", "a'b", "x\ny", "0:0:0", "-1"})
    default void fieldsAreFieldsAndNothingElse(String text) throws Exception {
        Workload plain = tck().workload(Program.exits(0).words());
        worksOrIsRefused(bench().task(plain.toBuilder().user(text).build()));
        worksOrIsRefused(bench().task(plain.toBuilder().dir("/" + text).build()));
        worksOrIsRefused(bench().task(plain.toBuilder().dir(text).build()));
        worksOrIsRefused(bench().task(plain.toBuilder().stopSignal(text).build()));
        if (bench().executor().describe().honours().contains("hostname")) {
            worksOrIsRefused(bench().task(plain.toBuilder().hostname(text).build()));
        }
        if (!tck().leftOut().containsKey(Feature.IMAGES)) {
            worksOrIsRefused(bench().task(plain.toBuilder().image(text).build()));
            worksOrIsRefused(bench().task(plain.toBuilder().image(plain.image() + text).build()));
        }
    }

    /** It runs as if the text were any other, or it is refused for good; the neighbours and the machine do not notice. */
    private void worksOrIsRefused(ExecutorTask task) throws Exception {
        try {
            TaskController controller = bench().started(task);
            assertThat(Call.of(controller::await).value(bench().patience()).code()).isNotEmpty();
        } catch (ExecutorException e) {
            assertThat(e.temporary()).as(e.getMessage()).isFalse();
            assertThat(e.getMessage()).isNotBlank();
        }
        nothingWasRun();
    }

    private static void nothingWasRun() {
        assertThat(Path.of("/tmp/osmia-tck-hostile")).satisfies(path -> assertThat(Files.exists(path)).isFalse());
    }
}
