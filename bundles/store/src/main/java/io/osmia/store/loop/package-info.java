/** Control loops on the store: the reactor, the loop that runs it, and a simulation with a virtual clock. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.store.loop;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
