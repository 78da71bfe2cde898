/** Replicates the store with Apache Ratis: log, snapshots, recovery. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.raft;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
