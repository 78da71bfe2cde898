/** How things are written and read: tables, ages, sizes, durations, JSON. */
@NullMarked
package io.osmia.shell.internal.text;

import org.jspecify.annotations.NullMarked;
