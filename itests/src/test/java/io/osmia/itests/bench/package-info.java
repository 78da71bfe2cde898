/** Measurements that are run by hand. */
@NullMarked
package io.osmia.itests.bench;

import org.jspecify.annotations.NullMarked;
