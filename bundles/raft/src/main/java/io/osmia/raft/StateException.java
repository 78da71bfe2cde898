package io.osmia.raft;

import java.io.Serial;
import java.nio.file.Path;

/** The node cannot start from what is on disk: says which file and why. Nothing was changed. */
public class StateException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String file;

    /** @param why without the file's name, e.g. {@code is of format 2, this version reads up to 1} */
    public StateException(Path file, String why) {
        super(file + ": " + why);
        this.file = file.toString();
    }

    /**
     * @param flag of the command line that is at fault
     * @param why without the flag's name
     */
    public StateException(String flag, String why) {
        super(flag + " " + why);
        this.file = flag;
    }

    public StateException(Path file, String why, Throwable cause) {
        super(file + ": " + why, cause);
        this.file = file.toString();
    }

    /** The file, directory or flag at fault. */
    public String file() {
        return file;
    }
}
