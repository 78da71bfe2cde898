/** What the tests with real nodes share: nodes as processes, the assembled distribution, what the machine offers. */
@NullMarked
package io.osmia.itests.harness;

import org.jspecify.annotations.NullMarked;
