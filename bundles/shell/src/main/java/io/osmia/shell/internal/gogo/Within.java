package io.osmia.shell.internal.gogo;

import io.osmia.shell.Connector;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a console has from the node around it.
 *
 * @param commands what may be given
 * @param socket the node's control socket
 * @param connector the way there
 * @param clock the time that ages are told by
 */
record Within(Commands commands, Path socket, Connector connector, InstantSource clock) {}
