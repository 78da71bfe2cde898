package io.osmia.tck;

import java.util.ArrayList;
import java.util.List;

/**
 * What the tests let workloads do: a text for busybox's {@code sh}, its name and arguments. The words are {@code sh -c TEXT
 * NAME ARGUMENTS}, so that an executor that runs nothing real can go by the name.
 */
record Program(String name, String text, List<String> arguments) {

    private static final String REST = "sleep 100000 & wait";
    private static final String GOES = "trap 'exit 143' TERM; ";

    Program {
        arguments = List.copyOf(arguments);
    }

    List<String> words() {
        List<String> words = new ArrayList<>(List.of("sh", "-c", text, name));
        words.addAll(arguments);
        return words;
    }

    /** Ends at once with that code. */
    static Program exits(int code) {
        return new Program("tck-exits", "exit \"$1\"", List.of(Integer.toString(code)));
    }

    /** Says ready and runs until it is asked to stop. */
    static Program runs() {
        return new Program("tck-runs", GOES + "echo ready; " + REST, List.of());
    }

    /** Says ready and ignores being asked. */
    static Program ignoresTerm() {
        return new Program("tck-ignores-term", "trap '' TERM; echo ready; " + REST, List.of());
    }

    /** Runs for some seconds and ends with that code. */
    static Program runsFor(int seconds, int code) {
        return new Program(
                "tck-runs-for",
                GOES + "sleep \"$1\" & wait $!; exit \"$2\"",
                List.of(Integer.toString(seconds), Integer.toString(code)));
    }

    /** Runs until its health check has left a file in its working directory, two more seconds, and ends with that code. */
    static Program endsOnceChecked(int code) {
        return new Program(
                "tck-ends-once-checked",
                GOES + "while [ ! -e tck-checked ]; do sleep 0.1; done; sleep 2 & wait $!; exit \"$1\"",
                List.of(Integer.toString(code)));
    }

    /** Ends with the code of a child that a signal ended. */
    static Program childKilledBy(String signal) {
        return new Program("tck-child-killed-by", "sh -c \"kill -$1 \\$\\$\"; exit $?", List.of(signal));
    }

    /** Takes memory until it is killed. */
    static Program takesMemory() {
        return new Program("tck-takes-memory", "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done", List.of());
    }

    /** Writes out, err to standard error, and a line that does not end. */
    static Program writesToBoth() {
        return new Program("tck-writes-to-both", "echo out; echo err >&2; printf open", List.of());
    }

    /** Writes so many numbered lines, at most 1,000 a second. */
    static Program writesLines(int count) {
        return new Program(
                "tck-writes-lines",
                GOES + "i=0; while [ $i -lt $1 ]; do i=$((i+1)); echo \"line $i\"; "
                        + "[ $((i % 20)) -eq 0 ] && sleep 0.02; done; exit 0",
                List.of(Integer.toString(count)));
    }

    /** Writes so many numbered lines as fast as it can. */
    static Program floods(int count) {
        return new Program(
                "tck-floods",
                "i=0; while [ $i -lt $1 ]; do i=$((i+1)); echo \"line $i\"; done; exit 0",
                List.of(Integer.toString(count)));
    }

    /** Writes a line of so many letters. */
    static Program writesLongLine(int letters) {
        return new Program(
                "tck-writes-long-line", "head -c \"$1\" /dev/zero | tr '\\0' a; echo",
                List.of(Integer.toString(letters)));
    }

    /** Writes its arguments in brackets, one in each line. */
    static Program writesArguments(String... arguments) {
        return new Program(
                "tck-writes-arguments", "for a in \"$@\"; do printf '[%s]\\n' \"$a\"; done", List.of(arguments));
    }

    /** Writes a variable of its environment. */
    static Program writesVariable(String name) {
        return new Program("tck-writes-variable", "printenv \"$1\"", List.of(name));
    }

    /** Writes the content of a file. */
    static Program writesFile(String path) {
        return new Program("tck-writes-file", "cat \"$1\"", List.of(path));
    }

    /** Says ready, and got for each SIGUSR1. */
    static Program answersUsr1() {
        return new Program(
                "tck-answers-usr1",
                GOES + "trap 'echo got' USR1; echo ready; while :; do sleep 100000 & wait; done",
                List.of());
    }

    /**
     * Is well after so many seconds, which its health check finds out in its working directory, and for so many more once the
     * check has left a file there.
     */
    static Program isWell(int after, int during) {
        return new Program(
                "tck-is-well",
                GOES + "sleep \"$1\" & wait $!; : >tck-well; while [ ! -e tck-checked ]; do sleep 0.1; done;"
                        + " sleep \"$2\" & wait $!; rm tck-well; " + REST,
                List.of(Integer.toString(after), Integer.toString(during)));
    }
}
