/** What the core parts know of each other: leadership, roles, membership, clock, ids. Interfaces only. */
@Export
@NullMarked
@Version("0.1.0")
package io.osmia.roles;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
