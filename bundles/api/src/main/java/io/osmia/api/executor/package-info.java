/** What an executor implements, and the task it is given. */
@Export
@NullMarked
@Version("1.0.0")
package io.osmia.api.executor;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
