/** Implementation; not exported. */
@NullMarked
package io.osmia.store.internal;

import org.jspecify.annotations.NullMarked;
