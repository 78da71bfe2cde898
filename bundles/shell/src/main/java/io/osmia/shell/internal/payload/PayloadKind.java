package io.osmia.shell.internal.payload;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.osmia.shell.NotReachable;
import io.osmia.shell.internal.command.Session;
import io.osmia.shell.internal.text.Summary;
import io.osmia.wire.swarmkit.Annotations;
import io.osmia.wire.swarmkit.Meta;
import java.util.List;

/** One of the two kinds of payloads, which differ in their messages and in whether the payload is ever shown. */
interface PayloadKind<T extends Message> {

    String id(T object);

    Meta meta(T object);

    Annotations annotations(T object);

    T find(Session session, String given) throws NotReachable;

    List<T> list(Session session) throws NotReachable;

    /** Returns the new id. */
    String create(Session session, Annotations annotations, ByteString data) throws NotReachable;

    /** Writes other annotations over those of the object as it was read. */
    void update(Session session, T object, Annotations annotations) throws NotReachable;

    void remove(Session session, String id) throws NotReachable;

    /** What the list has beyond id, name and age. */
    List<String> extraColumns();

    List<String> extraCells(T object);

    /** What the summary has beyond those and the labels. */
    void describe(T object, Summary summary);

    /** What may be shown of the payload to someone at a terminal; empty for nothing. */
    String text(T object);
}
