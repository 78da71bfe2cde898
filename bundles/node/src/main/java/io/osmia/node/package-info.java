/** Identity, roles, start and stop of a manager or a worker. */
@NullMarked
package io.osmia.node;

import org.jspecify.annotations.NullMarked;
