/** Implementation; not exported. */
@NullMarked
package io.osmia.plugins.internal;

import org.jspecify.annotations.NullMarked;
