/** What clients asked and were told, and whether one order of it all can explain that. */
@NullMarked
package io.osmia.itests.history;

import org.jspecify.annotations.NullMarked;
