package io.osmia.raft.internal;

import io.osmia.raft.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The file {@code format}: number of the layout of the whole state directory. */
public final class FormatFile {

    /** The layout that this version writes; it reads this and all before. */
    public static final int CURRENT = 1;

    private final Path file;

    public FormatFile(Path stateDir) {
        this.file = stateDir.resolve("format");
    }

    /**
     * The number, or empty when there is no file.
     *
     * @throws StateException when it is newer than this version understands
     */
    public OptionalInt check() {
        if (!Files.exists(file)) {
            return OptionalInt.empty();
        }
        int found = read();
        if (found > CURRENT) {
            throw new StateException(
                    file,
                    "the state directory is of format " + found + ", this version of osmia knows formats up to "
                            + CURRENT + "; start it with the version that wrote it, or a newer one");
        }
        return OptionalInt.of(found);
    }

    private int read() {
        String text = "";
        try {
            text = Files.readString(file).strip();
            int found = Integer.parseInt(text);
            if (found < 1) {
                throw new StateException(file, "'" + text + "' is no format number");
            }
            return found;
        } catch (IOException e) {
            throw new StateException(file, "cannot be read: " + e.getMessage(), e);
        } catch (NumberFormatException e) {
            throw new StateException(file, "'" + text + "' is no format number", e);
        }
    }

    public void write() {
        try {
            DurableFiles.write(file, CURRENT + "\n");
        } catch (IOException e) {
            throw new StateException(file, "cannot be written: " + e.getMessage(), e);
        }
    }
}
