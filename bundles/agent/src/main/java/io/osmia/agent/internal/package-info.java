/** Implementation; not exported. */
@NullMarked
package io.osmia.agent.internal;

import org.jspecify.annotations.NullMarked;
