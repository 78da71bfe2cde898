/** Runs tasks as containers of a Docker Engine. */
@NullMarked
package io.osmia.executor.docker.internal;

import org.jspecify.annotations.NullMarked;
