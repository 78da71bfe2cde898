/** The commands about services. */
@NullMarked
package io.osmia.shell.internal.service;

import org.jspecify.annotations.NullMarked;
