/** The rules that the build holds: who may know whom, and what may not reach for the world outside. */
@NullMarked
package io.osmia.itests.architecture;

import org.jspecify.annotations.NullMarked;
