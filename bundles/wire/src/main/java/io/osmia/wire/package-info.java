/** Pure text and byte forms that belong to the protocol and that more than one part reads. */
@NullMarked
package io.osmia.wire;

import org.jspecify.annotations.NullMarked;
