/** The gRPC servers and the Control service. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
