/** Implementation; not exported. */
@NullMarked
package io.osmia.allocator.internal;

import org.jspecify.annotations.NullMarked;
