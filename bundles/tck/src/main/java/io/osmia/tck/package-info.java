/**
 * The tests that every executor has to pass, and a scripted executor for unit tests.
 *
 * <p>A vendor extends {@link io.osmia.tck.ExecutorTck} in the tests of the executor's own project, with {@code osmia-tck} in
 * test scope, and supplies
 *
 * <ul>
 *   <li>{@link io.osmia.tck.ExecutorTck#open}: a new instance of the executor on a backend that stays the same for all of
 *       them, as a bundle that is replaced finds the same engine,
 *   <li>{@link io.osmia.tck.ExecutorTck#workload}: a workload that runs a command with busybox's {@code sh} and programs,
 *   <li>{@link io.osmia.tck.ExecutorTck#leftOut}: what does not apply, each with its reason, which is what the skipped test
 *       then says,
 *   <li>{@link io.osmia.tck.ExecutorTck#takeBackendAway} and {@link io.osmia.tck.ExecutorTck#bringBackendBack}: ending and
 *       starting the engine while its workloads run on; and {@link io.osmia.tck.ExecutorTck#hangBackend} and
 *       {@link io.osmia.tck.ExecutorTck#resumeBackend}: stopping and continuing its process,
 *   <li>and, where the defaults do not fit, {@link io.osmia.tck.ExecutorTck#many},
 *       {@link io.osmia.tck.ExecutorTck#patience}, {@link io.osmia.tck.ExecutorTck#formerHandle} and
 *       {@link io.osmia.tck.ExecutorTck#memoryBelowMinimum}.
 * </ul>
 *
 * <p>The backend itself (a private engine with its own data folder and socket, images made from busybox) is the subclass's:
 * start it before all tests, end it after them. Each test removes what it started, and fails if anything is left.
 */
@Export
@NullMarked
@Version("1.0.0")
package io.osmia.tck;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
