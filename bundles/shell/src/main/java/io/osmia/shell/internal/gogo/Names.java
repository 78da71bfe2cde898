package io.osmia.shell.internal.gogo;

import io.grpc.StatusRuntimeException;
import io.osmia.shell.NotReachable;
import io.osmia.shell.Place;
import io.osmia.shell.Surroundings;
import io.osmia.shell.internal.command.NodeNames;
import io.osmia.shell.internal.command.Tasks;
import io.osmia.wire.osmia.ListPluginsRequest;
import io.osmia.wire.osmia.PluginsGrpc;
import io.osmia.wire.swarmkit.ControlGrpc;
import io.osmia.wire.swarmkit.ListNodesRequest;
import io.osmia.wire.swarmkit.ListServicesRequest;
import io.osmia.wire.swarmkit.ListTasksRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Names of the objects that there are, for who is about to name one. A node that does not answer soon has none. */
final class Names {

    private static final int SECONDS = 2;

    private final Surroundings surroundings;
    private final Path socket;

    Names(Surroundings surroundings, Path socket) {
        this.surroundings = surroundings;
        this.socket = socket;
    }

    /** @param kind as the help of commands calls what is to be named */
    List<String> of(String kind) {
        try {
            return switch (kind) {
                case "SERVICE", "SERVICE=REPLICAS" -> names(services());
                case "NODE" -> names(nodes());
                case "TASK" -> names(tasks());
                case "PLUGIN" -> names(plugins());
                default -> List.of();
            };
        } catch (NotReachable | StatusRuntimeException e) {
            return List.of(); // the command itself will say so
        }
    }

    private static List<String> names(Stream<String> names) {
        return names.filter(name -> !name.isEmpty()).sorted().distinct().toList();
    }

    private Stream<String> services() throws NotReachable {
        return control().listServices(ListServicesRequest.getDefaultInstance()).getServicesList().stream()
                .map(service -> service.getSpec().getAnnotations().getName());
    }

    private Stream<String> nodes() throws NotReachable {
        return control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList().stream()
                .map(NodeNames::name);
    }

    private Stream<String> tasks() throws NotReachable {
        return control().listTasks(ListTasksRequest.getDefaultInstance()).getTasksList().stream()
                .filter(Tasks::isWanted)
                .map(Tasks::name);
    }

    private Stream<String> plugins() throws NotReachable {
        return PluginsGrpc.newBlockingStub(surroundings.connector().connect(new Place.Socket(socket, false)))
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .listPlugins(ListPluginsRequest.getDefaultInstance())
                .getPluginsList()
                .stream()
                .map(plugin -> plugin.getName());
    }

    private ControlGrpc.ControlBlockingStub control() throws NotReachable {
        return ControlGrpc.newBlockingStub(surroundings.connector().connect(new Place.Socket(socket, false)))
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    }
}
