package io.osmia.shell.internal.payload;

import com.google.protobuf.Message;
import io.osmia.shell.internal.command.Entry;
import java.util.List;

/** {@code osmia secret} and {@code osmia config} (rule 10.4.4): the same commands over two kinds of objects. */
public final class PayloadCommands {

    public static final Entry SECRETS =
            group("secret", "secrets", "without its payload, which is never shown", new Secrets());
    public static final Entry CONFIGS = group("config", "configs", "and its payload", new Configs());

    private PayloadCommands() {}

    private static <T extends Message> Entry group(String one, String many, String shown, PayloadKind<T> kind) {
        return Entry.group(one, "Keep " + many + " for services.", List.of(
                Entry.described("create", "Create a " + one + " and print its id.",
                        session -> new PayloadCreate(session, kind)).forOperators(),
                Entry.described("ls", "List " + many + ", the newest first.",
                        session -> new PayloadLs<>(session, kind)).forViewers(),
                Entry.described("inspect", "Show all about a " + one + ", " + shown + ".",
                        session -> new PayloadInspect<>(session, kind)).forViewers(),
                Entry.described("update", "Change the labels of a " + one + " and print its id.",
                        session -> new PayloadUpdate<>(session, kind)).forOperators(),
                Entry.described("rm", "Remove " + many + " that no service uses.",
                        session -> new PayloadRm<>(session, kind), "remove").forOperators()));
    }
}
