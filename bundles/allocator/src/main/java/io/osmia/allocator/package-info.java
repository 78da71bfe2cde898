/** Gives tasks what the cluster has only once: ports, addresses. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.allocator;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
