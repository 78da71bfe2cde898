/** The conversation with the dispatcher. */
@NullMarked
package io.osmia.agent.internal.session;

import org.jspecify.annotations.NullMarked;
