/** Implementation; not exported. */
@NullMarked
package io.osmia.dispatcher.internal;

import org.jspecify.annotations.NullMarked;
