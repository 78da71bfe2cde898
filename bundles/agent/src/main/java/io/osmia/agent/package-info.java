/** The worker: session, task state machine, task journal. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.agent;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
