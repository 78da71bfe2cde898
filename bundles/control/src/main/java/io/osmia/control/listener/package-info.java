/**
 * The gRPC servers of a manager: one on TCP with mutual TLS, one on a unix socket for TLS and plaintext alike. Which
 * services they offer follows the service registry; the servers themselves stay.
 */
@NullMarked
package io.osmia.control.listener;

import org.jspecify.annotations.NullMarked;
