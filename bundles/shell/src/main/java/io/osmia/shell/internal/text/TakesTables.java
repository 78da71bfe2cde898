package io.osmia.shell.internal.text;

/** A stream to print to that is also told which tables were printed, so that others need not take the text apart. */
public interface TakesTables {

    /** Called before the text of the table. */
    void take(Table table);
}
