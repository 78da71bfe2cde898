/** What all commands share: the session with a node, failures, lookup of objects, the tree of commands. */
@NullMarked
package io.osmia.shell.internal.command;

import org.jspecify.annotations.NullMarked;
