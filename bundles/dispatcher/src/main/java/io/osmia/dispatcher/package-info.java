/** Worker sessions, heartbeats, assignments and task status. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.dispatcher;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
