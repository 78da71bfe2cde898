/** Secrets and configs: small payloads by name. */
@NullMarked
package io.osmia.shell.internal.payload;

import org.jspecify.annotations.NullMarked;
