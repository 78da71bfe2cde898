/** Bundles of the distribution in a Felix inside the test's own Java process, started by Pax Exam. */
@NullMarked
package io.osmia.itests.framework;

import org.jspecify.annotations.NullMarked;
