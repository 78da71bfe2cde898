package io.osmia.api.executor;

import java.util.Map;

/**
 * Something that appears in the workload's file system.
 *
 * @param type what it is; the options of the other types say nothing
 * @param source folder or file on the host, volume name, or pipe; empty for an anonymous volume and for tmpfs
 * @param target absolute path inside
 * @param readOnly whether the workload may not write to it
 * @param consistency {@code default}, {@code consistent}, {@code cached} or {@code delegated}
 * @param bind options of a bind mount
 * @param volume options of a volume
 * @param tmpfs options of a tmpfs
 */
public record Mount(
        Type type,
        String source,
        String target,
        boolean readOnly,
        String consistency,
        Bind bind,
        Volume volume,
        Tmpfs tmpfs) {

    /** What is mounted. */
    public enum Type {
        BIND,
        VOLUME,
        TMPFS,
        /** A named pipe of Windows. */
        NPIPE,
        /** A volume that the cluster manages; the executor's node publishes it. */
        CLUSTER
    }

    /** A bind mount without options. */
    public static Mount bind(String source, String target, boolean readOnly) {
        return new Mount(Type.BIND, source, target, readOnly, "default", Bind.DEFAULT, Volume.DEFAULT, Tmpfs.DEFAULT);
    }

    /** A volume without options. */
    public static Mount volume(String name, String target, boolean readOnly) {
        return new Mount(Type.VOLUME, name, target, readOnly, "default", Bind.DEFAULT, Volume.DEFAULT, Tmpfs.DEFAULT);
    }

    /** A tmpfs. */
    public static Mount tmpfs(String target, Tmpfs options) {
        return new Mount(Type.TMPFS, "", target, false, "default", Bind.DEFAULT, Volume.DEFAULT, options);
    }

    /**
     * Options of a bind mount.
     *
     * @param propagation {@code rprivate} (the default), {@code private}, {@code rshared}, {@code shared}, {@code rslave} or
     *     {@code slave}
     * @param nonRecursive whether mounts below the source are left out
     * @param createMountpoint whether a source that is missing is made
     * @param readOnlyNonRecursive whether only the mount itself is read only, not those below it
     * @param readOnlyForceRecursive whether it fails where those below cannot be made read only
     */
    public record Bind(
            String propagation,
            boolean nonRecursive,
            boolean createMountpoint,
            boolean readOnlyNonRecursive,
            boolean readOnlyForceRecursive) {

        /** None stated. */
        public static final Bind DEFAULT = new Bind("rprivate", false, false, false, false);
    }

    /**
     * Options of a volume.
     *
     * @param noCopy whether a new volume stays empty instead of getting what the image has at the target
     * @param labels labels of a new volume
     * @param driver driver of a new volume
     * @param subpath folder in the volume that is mounted; empty for all of it
     */
    public record Volume(boolean noCopy, Map<String, String> labels, Driver driver, String subpath) {

        /** None stated. */
        public static final Volume DEFAULT = new Volume(false, Map.of(), Driver.NONE, "");

        public Volume {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Options of a tmpfs.
     *
     * @param sizeBytes greatest size in bytes; 0 for no limit
     * @param mode file mode of its root; 0 for the engine's choice
     * @param options further options as submitted; only {@code exec} and {@code noexec} mean anything (rule 6.15.10)
     */
    public record Tmpfs(long sizeBytes, int mode, String options) {

        /** None stated. */
        public static final Tmpfs DEFAULT = new Tmpfs(0, 0, "");
    }
}
