package io.osmia.shell.internal.filter;

import io.osmia.shell.internal.text.Table;
import java.util.Optional;

/** Standard input that knows more of what it carries than its text. */
public interface GivesTables {

    /** Whether another command of the pipe writes it. */
    boolean isPiped();

    /** The last table that was written, if the writer listed one. Waits until the writer has ended; what it wrote is used up. */
    Optional<Table> table();
}
