/** The cluster root CA and the certificates of its nodes. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.ca;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
