/** Real nodes as real processes, from the assembled distribution. */
@NullMarked
package io.osmia.itests.cluster;

import org.jspecify.annotations.NullMarked;
