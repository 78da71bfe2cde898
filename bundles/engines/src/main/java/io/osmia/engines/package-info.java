/** Container engines of the tests' own: with their own folders, sockets and network namespaces, and an image of busybox. */
@NullMarked
package io.osmia.engines;

import org.jspecify.annotations.NullMarked;
