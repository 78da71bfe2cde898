package io.osmia.store.internal;

import com.google.protobuf.Message;
import io.osmia.store.By;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Answers {@link By} from the indices, in the order of rule 1.2.6. */
final class Query {

    private Query() {}

    static <T extends Message> List<T> find(TableState<T> table, By by) {
        return switch (by) {
            case By.All() -> new ObjectList<>(table.ids(), table.objects());
            case By.IdPrefix(String prefix) -> new ObjectList<>(
                    table.ids(), table.ids().rank(prefix), table.ids().rank(after(prefix)), table.objects());
            case By.Name(String name) -> exact(table, IndexName.NAME, Keys.lower(name));
            case By.NamePrefix(String prefix) -> prefix(table, IndexName.NAME, Keys.lower(prefix));
            case By.Custom(String index, String value) ->
                exact(table, IndexName.CUSTOM, Keys.customKey(index, value));
            case By.CustomPrefix(String index, String prefix) ->
                prefix(table, IndexName.CUSTOM, Keys.customKey(index, prefix));
            case By.ServiceId(String id) -> exact(table, IndexName.SERVICE, id);
            case By.NodeId(String id) -> exact(table, IndexName.NODE, id);
            case By.Slot(String serviceId, long slot) -> exact(table, IndexName.SLOT, new SlotKey(serviceId, slot));
            case By.Desired desired -> exact(table, IndexName.DESIRED, desired.state().getNumber());
            case By.Observed observed -> exact(table, IndexName.OBSERVED, observed.state().getNumber());
            case By.NetworkId(String id) -> exact(table, IndexName.NETWORK, id);
            case By.SecretId(String id) -> exact(table, IndexName.SECRET, id);
            case By.ConfigId(String id) -> exact(table, IndexName.CONFIG, id);
            case By.VolumeAttachment(String id) -> exact(table, IndexName.VOLUME, id);
            case By.Runtime(String runtime) -> exact(table, IndexName.RUNTIME, runtime);
            case By.Role role -> exact(table, IndexName.ROLE, role.role().getNumber());
            case By.Membership membership -> exact(table, IndexName.MEMBERSHIP, membership.membership().getNumber());
            case By.Kind(String kind) -> exact(table, IndexName.KIND, kind);
            case By.VolumeGroup(String group) -> exact(table, IndexName.GROUP, group);
            case By.VolumeDriver(String driver) -> exact(table, IndexName.DRIVER, driver);
            case By.Or(List<By> terms) -> union(table, terms);
        };
    }

    private static <T extends Message> List<T> exact(TableState<T> table, IndexName name, Object key) {
        Object postings = table.index(name).get(key);
        return switch (postings) {
            case null -> List.of();
            case String only -> List.of(Objects.requireNonNull(table.objects().get(only)));
            default -> new ObjectList<>(Postings.ids(postings), table.objects());
        };
    }

    private static <T extends Message> List<T> prefix(TableState<T> table, IndexName name, String prefix) {
        Tree<Object, Object> index = table.index(name);
        Set<String> ids = new LinkedHashSet<>();
        Cursor<Object, Object> cursor = index.cursor(index.rank(prefix));
        while (cursor.hasNext() && ((String) cursor.next()).startsWith(prefix)) {
            Postings.ids(cursor.value()).cursor(0).forEachRemaining(ids::add);
        }
        List<T> found = new ArrayList<>(ids.size());
        for (String id : ids) {
            found.add(Objects.requireNonNull(table.objects().get(id)));
        }
        return List.copyOf(found);
    }

    private static <T extends Message> List<T> union(TableState<T> table, List<By> terms) {
        Map<String, T> found = new LinkedHashMap<>();
        for (By term : terms) {
            for (T object : find(table, term)) {
                found.putIfAbsent(table.schema().table().id(object), object);
            }
        }
        return List.copyOf(found.values());
    }

    /** Not less than any string with the prefix. */
    private static String after(String prefix) {
        return prefix + Character.MAX_VALUE;
    }
}
