/** Reconcilers: they turn services into tasks. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.orchestrator;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
