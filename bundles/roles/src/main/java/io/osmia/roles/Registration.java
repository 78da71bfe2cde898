package io.osmia.roles;

/** Something that was added and can be taken away again; doing that twice does nothing. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

    @Override
    void close();
}
