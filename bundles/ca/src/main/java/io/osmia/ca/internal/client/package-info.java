/** A node as a client of its cluster's CA: joining and renewing (rules 7.5, 7.6). */
@org.jspecify.annotations.NullMarked
package io.osmia.ca.internal.client;
