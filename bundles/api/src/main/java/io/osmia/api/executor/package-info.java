/**
 * What an executor implements, and the task it is given. Start at {@link io.osmia.api.executor.Executor}.
 *
 * <p>How it grows: interfaces that executors implement get no new abstract method, new behaviour is a new optional interface;
 * records grow at their end and keep the former constructor; {@link io.osmia.api.executor.Recovery} and the enums do not grow.
 */
@Export
@NullMarked
@Version("1.0.0")
package io.osmia.api.executor;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
