/** Runs tasks as plain processes of this machine. */
@NullMarked
package io.osmia.executor.process.internal;

import org.jspecify.annotations.NullMarked;
