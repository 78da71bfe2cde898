/** Plugin SPI and its value types; all that a plugin sees of Osmia. */
@Export
@NullMarked
@Version("1.0.0")
package io.osmia.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
