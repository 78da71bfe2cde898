/** What scheduling strategies, constraint evaluators and node filters implement. */
@Export
@NullMarked
@Version("1.0.0")
package io.osmia.api.scheduling;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
