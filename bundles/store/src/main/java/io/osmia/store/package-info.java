/** Object tables, indices, transactions and watches, in memory; knows no raft and no clock. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
