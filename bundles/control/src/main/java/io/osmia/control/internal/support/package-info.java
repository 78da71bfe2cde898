/** Which fields of the specs some component honours; all others are refused when they are submitted. */
@NullMarked
package io.osmia.control.internal.support;

import org.jspecify.annotations.NullMarked;
