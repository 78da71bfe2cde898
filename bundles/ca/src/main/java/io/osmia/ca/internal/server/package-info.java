/** What the leader does with certificates: issues them, moves the cluster to another root, asks external CAs. */
@NullMarked
package io.osmia.ca.internal.server;

import org.jspecify.annotations.NullMarked;
