package io.osmia.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Everything outside that a command may touch, so that commands have no process-wide state and run in a test or in a
 * shell inside the node as they do on the command line.
 *
 * @param in standard input
 * @param out what was asked for
 * @param err what went wrong, and progress
 * @param environment environment variables
 * @param home the installation that {@code quickstart} starts a node from, empty if there is none
 * @param clock the time that ages are told by
 * @param pause how a command that polls waits in between
 * @param connector the way to a node
 */
public record Surroundings(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        String home,
        InstantSource clock,
        Consumer<Duration> pause,
        Connector connector) {}
