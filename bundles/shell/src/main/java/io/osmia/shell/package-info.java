/** The command classes: the osmia command line, with and without OSGi. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.shell;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
