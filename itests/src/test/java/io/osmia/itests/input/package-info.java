/** What a node does with input that is wrong: on the line, in its state directory, on its machine. */
@NullMarked
package io.osmia.itests.input;

import org.jspecify.annotations.NullMarked;
