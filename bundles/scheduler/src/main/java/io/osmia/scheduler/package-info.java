/** Places tasks on nodes; calls strategies and constraint evaluators. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.scheduler;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
