package io.osmia.shell.internal.ssh;

import io.osmia.roles.HostPort;
import io.osmia.shell.internal.command.Role;
import io.osmia.shell.internal.gogo.Shells;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for SSH. Keys only; consoles only: no files, no forwarding. */
final class SshDoor implements SessionListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);
    private static final AttributeKey<AuthorizedKeys.Key> KEY = new AttributeKey<>();
    private static final int WORKERS = 2;

    private final Path authorized;
    private final SshServer server = SshServer.setUpDefaultServer();

    /**
     * @param hostKey where this node's key is, or is put when there is none
     * @param authorized read at each login, so that a key that is taken out of it is refused from then on
     */
    SshDoor(HostPort address, Path hostKey, Path authorized, Shells shells) {
        this.authorized = authorized;
        server.setHost(address.host());
        server.setPort(address.port());
        SimpleGeneratorHostKeyProvider key = new SimpleGeneratorHostKeyProvider(hostKey);
        key.setAlgorithm(KeyUtils.EC_ALGORITHM);
        server.setKeyPairProvider(key);
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator(this::letsIn);
        server.addSessionListener(this);
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setShellFactory(channel -> new SshConsole(shells, role(channel), ""));
        server.setCommandFactory((channel, line) -> new SshConsole(shells, role(channel), line));
        CoreModuleProperties.NIO_WORKERS.set(server, WORKERS);
    }

    /** @throws IOException if it cannot listen, or the keys are not to be had; the message says what to do */
    void open() throws IOException {
        AuthorizedKeys keys = AuthorizedKeys.read(authorized);
        try {
            server.start();
        } catch (BindException e) {
            close();
            throw new IOException("ssh cannot listen on " + server.getHost() + ":" + server.getPort() + ": "
                    + e.getMessage() + "; stop what listens there, or give another address with --listen-ssh HOST:PORT",
                    e);
        }
        LOG.info("ssh on {}:{}, for {} keys in {}", server.getHost(), server.getPort(), keys.keys().size(), authorized);
    }

    int port() {
        return server.getPort();
    }

    /** Called again with the key that is then proven, so that of several the last one counts. */
    private boolean letsIn(String user, PublicKey shown, ServerSession session) {
        try {
            Optional<AuthorizedKeys.Key> key = AuthorizedKeys.read(authorized).find(shown);
            key.ifPresentOrElse(
                    known -> session.setAttribute(KEY, known),
                    () -> LOG.info("ssh: {} from {} is not let in: no line of {} has the key {}", plain(user),
                            session.getClientAddress(), authorized, KeyUtils.getFingerPrint(shown)));
            return key.isPresent();
        } catch (IOException e) {
            LOG.warn("ssh: nobody is let in: {}", e.getMessage());
            return false;
        }
    }

    /** A client asks about each of its keys before it proves that one is its own; only then is somebody there. */
    @Override
    public void sessionEvent(Session session, SessionListener.Event event) {
        if (event == SessionListener.Event.Authenticated) {
            AuthorizedKeys.Key key = key(session);
            LOG.info("ssh: {} from {} is let in as {}, by the key {} ({})", plain(session.getUsername()),
                    session.getRemoteAddress(), key.role().word(), KeyUtils.getFingerPrint(key.key()), key.comment());
        }
    }

    /** What a client says may hold anything. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static Role role(ChannelSession channel) {
        return key(channel.getServerSession()).role();
    }

    private static AuthorizedKeys.Key key(Session session) {
        return Objects.requireNonNull(session.getAttribute(KEY), "nobody is let in but by a key");
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            LOG.warn("ssh: does not stop: {}", e.toString());
        }
    }
}
