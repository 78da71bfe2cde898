package io.osmia.shell.internal.gogo;

import io.osmia.shell.internal.text.Table;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.felix.service.command.Process;

/** What the commands of a pipe hand on beside their text. Thread-safe. */
final class Handed {

    private final Map<Process, Table> tables = Collections.synchronizedMap(new WeakHashMap<>());

    void on(Process writer, Table table) {
        tables.put(writer, table);
    }

    static boolean hasWriter(Process reader) {
        return place(reader) > 0;
    }

    /** Only sure when the text of the one before it was read to the end. */
    Optional<Table> to(Process reader) {
        int place = place(reader);
        return place > 0 ? Optional.ofNullable(tables.get(reader.job().processes().get(place - 1))) : Optional.empty();
    }

    static boolean isLast(Process process) {
        return place(process) == process.job().processes().size() - 1;
    }

    private static int place(Process process) {
        List<? extends Process> pipe = process.job().processes();
        return pipe.indexOf(process);
    }
}
