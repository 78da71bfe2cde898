package io.osmia.store.internal;

import com.google.protobuf.Message;
import io.osmia.store.Change;
import io.osmia.store.Table;
import io.osmia.wire.osmia.Transaction;
import io.osmia.wire.swarmkit.Cluster;
import io.osmia.wire.swarmkit.Config;
import io.osmia.wire.swarmkit.Extension;
import io.osmia.wire.swarmkit.Network;
import io.osmia.wire.swarmkit.Node;
import io.osmia.wire.swarmkit.Resource;
import io.osmia.wire.swarmkit.Secret;
import io.osmia.wire.swarmkit.Service;
import io.osmia.wire.swarmkit.StoreAction;
import io.osmia.wire.swarmkit.StoreActionKind;
import io.osmia.wire.swarmkit.Task;
import io.osmia.wire.swarmkit.Volume;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes as store actions of the log (rule 1.2.2), and back. */
public final class Actions {

    private Actions() {}

    public static Transaction of(long version, List<Change<?>> changes) {
        Transaction.Builder transaction = Transaction.newBuilder().setVersion(version);
        for (Change<?> change : changes) {
            transaction.addActions(action(change));
        }
        return transaction.build();
    }

    /** The state after the actions, and the changes that they make; what they say is not questioned. */
    public static Applied apply(State before, Transaction transaction, Sharing sharing) {
        TableState<?>[] tables = before.tables();
        List<Change<?>> changes = new ArrayList<>(transaction.getActionsCount());
        for (StoreAction action : transaction.getActionsList()) {
            Message object = target(action);
            if (object != null) {
                Change<?> change = apply(tables, object, action.getAction(), sharing);
                if (change != null) {
                    changes.add(change);
                }
            }
        }
        return new Applied(new State(transaction.getVersion(), tables), changes);
    }

    /** Outcome of {@link #apply}. */
    public record Applied(State after, List<Change<?>> changes) {}

    private static @Nullable Change<?> apply(
            TableState<?>[] tables, Message object, StoreActionKind kind, Sharing sharing) {
        for (int i = 0; i < tables.length; i++) {
            if (tables[i].schema().table().type().isInstance(object)) {
                return apply(tables, i, tables[i], object, kind, sharing);
            }
        }
        throw new IllegalArgumentException("no table for " + object.getDescriptorForType().getFullName());
    }

    private static <T extends Message> @Nullable Change<T> apply(
            TableState<?>[] tables,
            int place,
            TableState<T> state,
            Message target,
            StoreActionKind kind,
            Sharing sharing) {
        Table<T> table = state.schema().table();
        T read = table.type().cast(target);
        T former = state.objects().get(table.id(read));
        if (kind == StoreActionKind.STORE_ACTION_REMOVE) {
            tables[place] = state.without(table.id(read));
            return former == null ? null : new Change<>(table, Change.Kind.REMOVE, former, null);
        }
        T object = sharing.share(read, former);
        tables[place] = state.with(object);
        return former == null
                ? new Change<>(table, Change.Kind.CREATE, object, null)
                : new Change<>(table, Change.Kind.UPDATE, object, former);
    }

    private static StoreAction action(Change<?> change) {
        StoreAction.Builder action = StoreAction.newBuilder();
        return switch (change.kind()) {
            case CREATE -> target(action.setAction(StoreActionKind.STORE_ACTION_CREATE), change.object());
            case UPDATE -> target(action.setAction(StoreActionKind.STORE_ACTION_UPDATE), change.object());
            case REMOVE -> target(action.setAction(StoreActionKind.STORE_ACTION_REMOVE), idOnly(change.object()));
        };
    }

    /** A removal needs no more than the id. */
    private static Message idOnly(Message object) {
        return switch (object) {
            case Node o -> Node.newBuilder().setId(o.getId()).build();
            case Service o -> Service.newBuilder().setId(o.getId()).build();
            case Network o -> Network.newBuilder().setId(o.getId()).build();
            case Task o -> Task.newBuilder().setId(o.getId()).build();
            case Cluster o -> Cluster.newBuilder().setId(o.getId()).build();
            case Secret o -> Secret.newBuilder().setId(o.getId()).build();
            case Resource o -> Resource.newBuilder().setId(o.getId()).build();
            case Extension o -> Extension.newBuilder().setId(o.getId()).build();
            case Config o -> Config.newBuilder().setId(o.getId()).build();
            case Volume o -> Volume.newBuilder().setId(o.getId()).build();
            default -> throw new IllegalArgumentException(object.getClass().getName());
        };
    }

    private static StoreAction target(StoreAction.Builder action, Message object) {
        return switch (object) {
            case Node o -> action.setNode(o).build();
            case Service o -> action.setService(o).build();
            case Network o -> action.setNetwork(o).build();
            case Task o -> action.setTask(o).build();
            case Cluster o -> action.setCluster(o).build();
            case Secret o -> action.setSecret(o).build();
            case Resource o -> action.setResource(o).build();
            case Extension o -> action.setExtension(o).build();
            case Config o -> action.setConfig(o).build();
            case Volume o -> action.setVolume(o).build();
            default -> throw new IllegalArgumentException(object.getClass().getName());
        };
    }

    private static @Nullable Message target(StoreAction action) {
        return switch (action.getTargetCase()) {
            case NODE -> action.getNode();
            case SERVICE -> action.getService();
            case NETWORK -> action.getNetwork();
            case TASK -> action.getTask();
            case CLUSTER -> action.getCluster();
            case SECRET -> action.getSecret();
            case RESOURCE -> action.getResource();
            case EXTENSION -> action.getExtension();
            case CONFIG -> action.getConfig();
            case VOLUME -> action.getVolume();
            case TARGET_NOT_SET -> null;
        };
    }
}
