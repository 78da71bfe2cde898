/** The commands about the cluster. */
@NullMarked
package io.osmia.shell.internal.cluster;

import org.jspecify.annotations.NullMarked;
