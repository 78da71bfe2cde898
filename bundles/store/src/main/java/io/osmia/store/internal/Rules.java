package io.osmia.store.internal;

import com.google.protobuf.Message;
import io.osmia.store.By;
import io.osmia.store.StoreException;
import io.osmia.store.StoreException.Reason;
import io.osmia.store.Table;
import io.osmia.store.View;
import io.osmia.wire.swarmkit.Extension;
import io.osmia.wire.swarmkit.Resource;

/** What the store itself asks of extensions and resources (rules 1.2.4, 1.2.5; extensions in use by name: 12.6). */
final class Rules {

    private Rules() {}

    static void beforeCreate(View view, Message object) {
        switch (object) {
            case Extension extension -> refuseBuiltInName(extension);
            case Resource resource -> requireKind(view, resource);
            default -> {
                // the other tables ask for no more than an id and a name
            }
        }
    }

    static void beforeUpdate(View view, Message object) {
        switch (object) {
            case Extension extension -> throw new StoreException(Reason.EXTENSION_IMMUTABLE);
            case Resource resource -> requireKind(view, resource);
            default -> {
                // the other tables ask for no more than an id and a name
            }
        }
    }

    static void beforeDelete(View view, Message object) {
        if (object instanceof Extension extension
                && !view.find(Table.RESOURCES, new By.Kind(extension.getAnnotations().getName())).isEmpty()) {
            throw new StoreException(Reason.EXTENSION_IN_USE);
        }
    }

    private static void refuseBuiltInName(Extension extension) {
        for (Table<?> table : Table.ALL) {
            if (table.kind().equalsIgnoreCase(extension.getAnnotations().getName())) {
                throw new StoreException(Reason.NAME_CONFLICT);
            }
        }
    }

    private static void requireKind(View view, Resource resource) {
        if (view.find(Table.EXTENSIONS, By.name(resource.getKind())).isEmpty()) {
            throw new StoreException(Reason.NO_KIND);
        }
    }
}
