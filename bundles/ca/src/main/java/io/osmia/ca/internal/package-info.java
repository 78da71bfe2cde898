/** Implementation; not exported. */
@NullMarked
package io.osmia.ca.internal;

import org.jspecify.annotations.NullMarked;
