/** Implementation; not exported. */
@NullMarked
package io.osmia.control.internal;

import org.jspecify.annotations.NullMarked;
