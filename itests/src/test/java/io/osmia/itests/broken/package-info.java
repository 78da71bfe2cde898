/** Code of plugins that do harm. Each class is put into a jar alone, so it refers to no other one of the tests. */
@NullMarked
package io.osmia.itests.broken;

import org.jspecify.annotations.NullMarked;
