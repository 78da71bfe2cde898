package io.osmia.roles;

/** What the cluster demands of plugins. Offered where it can be known: on managers. */
public interface PluginPolicy {

    /** Whether a plugin must be signed by somebody whom its node trusts (cluster label {@code osmia.plugins.signed=true}). */
    boolean signed();
}
