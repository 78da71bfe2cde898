/** One class per kind of object: the calls of the Control service. */
@NullMarked
package io.osmia.control.internal.calls;

import org.jspecify.annotations.NullMarked;
