/** Programs that others wrote, on the other end of the line. */
@NullMarked
package io.osmia.itests.peers;

import org.jspecify.annotations.NullMarked;
