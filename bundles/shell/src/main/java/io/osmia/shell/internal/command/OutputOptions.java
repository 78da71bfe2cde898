package io.osmia.shell.internal.command;

import com.google.protobuf.Message;
import io.osmia.shell.internal.text.Json;
import java.io.PrintStream;
import java.util.Collection;
import picocli.CommandLine.Option;

/** {@code --format}: for people or for programs. */
public final class OutputOptions {

    /** The two forms. */
    public enum Format {
        TABLE,
        JSON
    }

    @Option(names = "--format", paramLabel = "table|json", defaultValue = "table", description = "How to print: table (default) or json, with the field names of the protocol.")
    Format format = Format.TABLE;

    /** Prints the array if JSON was asked for; otherwise the caller prints its table. */
    public boolean printedJson(PrintStream out, Collection<? extends Message> messages) {
        if (format == Format.JSON) {
            out.println(Json.array(messages));
        }
        return format == Format.JSON;
    }

    /** Prints the object if JSON was asked for. */
    public boolean printedJson(PrintStream out, Message message) {
        if (format == Format.JSON) {
            out.println(Json.object(message));
        }
        return format == Format.JSON;
    }
}
