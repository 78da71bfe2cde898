/** The way to a node: its unix socket, in plaintext or TLS. */
@NullMarked
package io.osmia.shell.internal.connect;

import org.jspecify.annotations.NullMarked;
