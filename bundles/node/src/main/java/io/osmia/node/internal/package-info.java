/** Implementation; not exported. */
@NullMarked
package io.osmia.node.internal;

import org.jspecify.annotations.NullMarked;
