/** Implementation; not exported. */
@NullMarked
package io.osmia.scheduler.internal;

import org.jspecify.annotations.NullMarked;
