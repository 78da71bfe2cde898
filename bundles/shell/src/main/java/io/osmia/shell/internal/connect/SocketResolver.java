package io.osmia.shell.internal.connect;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Targets that are sockets by any path: gRPC's own form of them takes only the letters of a URI. */
final class SocketResolver extends NameResolverProvider {

    private static final String SCHEME = "osmia-socket";
    private static final int PRIORITY = 5;

    static {
        NameResolverRegistry.getDefaultRegistry().register(new SocketResolver());
    }

    private SocketResolver() {}

    /** The target that is resolved to the socket. */
    static String target(Path socket) {
        return SCHEME + ":///" + URLEncoder.encode(socket.toString(), StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!SCHEME.equals(target.getScheme())) {
            return null;
        }
        String path = URLDecoder.decode(target.getRawPath().substring(1), StandardCharsets.UTF_8);
        return new Resolved(UnixDomainSocketAddress.of(path));
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(UnixDomainSocketAddress.class);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    private static final class Resolved extends NameResolver {

        private final SocketAddress address;

        Resolved(SocketAddress address) {
            this.address = address;
        }

        @Override
        public String getServiceAuthority() {
            return "localhost";
        }

        @Override
        public void start(Listener2 listener) {
            listener.onResult(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
                    .build());
        }

        @Override
        public void shutdown() {
            // nothing was opened
        }
    }
}
