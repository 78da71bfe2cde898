/** Containers of Podman as tasks, by its REST API. */
@NullMarked
package io.osmia.executor.podman.internal;

import org.jspecify.annotations.NullMarked;
