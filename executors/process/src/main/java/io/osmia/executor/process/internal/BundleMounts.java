package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What appears in an isolated task's view of the machine, in the words of the OCI runtime specification. */
final class BundleMounts {

    private static final Set<String> PROPAGATION =
            Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave");

    private static final List<Map<String, Object>> ALWAYS = List.of(
            mount("proc", "proc", "/proc", List.of("nosuid", "noexec", "nodev")),
            mount("tmpfs", "tmpfs", "/dev", List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
            mount("devpts", "devpts", "/dev/pts",
                    List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
            mount("tmpfs", "shm", "/dev/shm", List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")),
            mount("mqueue", "mqueue", "/dev/mqueue", List.of("nosuid", "noexec", "nodev")),
            mount("sysfs", "sysfs", "/sys", List.of("nosuid", "noexec", "nodev", "ro")));

    private BundleMounts() {}

    static List<Map<String, Object>> of(List<Mount> mounts) throws ExecutorException {
        List<Map<String, Object>> all = new ArrayList<>(ALWAYS);
        for (Mount mount : mounts) {
            if (!mount.target().startsWith("/")) {
                throw ProcessSpec.refused("mount target '" + mount.target() + "' is not absolute");
            }
            all.add(switch (mount.type()) {
                case BIND -> bind(mount);
                case TMPFS -> tmpfs(mount);
                case VOLUME, NPIPE, CLUSTER -> throw ProcessSpec.refused("a mount of type "
                        + mount.type().name().toLowerCase(Locale.ROOT) + " at '" + mount.target()
                        + "' needs a container engine; processes take bind and tmpfs");
            });
        }
        return all;
    }

    /** Refuses sources that this machine does not have, or makes them when so told. */
    static void prepare(List<Mount> mounts) throws ExecutorException {
        for (Mount mount : mounts) {
            if (mount.type() == Mount.Type.BIND && !Files.exists(Path.of(mount.source()))) {
                make(mount);
            }
        }
    }

    private static void make(Mount mount) throws ExecutorException {
        if (!mount.bind().createMountpoint()) {
            throw ProcessSpec.refused("mount source '" + mount.source() + "' does not exist on this node");
        }
        try {
            Files.createDirectories(Path.of(mount.source()));
        } catch (java.io.IOException e) {
            throw ProcessSpec.refused("mount source '" + mount.source() + "' cannot be made: " + e.getMessage());
        }
    }

    private static Map<String, Object> bind(Mount mount) throws ExecutorException {
        if (!mount.source().startsWith("/")) {
            throw ProcessSpec.refused("mount source '" + mount.source() + "' is not absolute");
        }
        Mount.Bind bind = mount.bind();
        String propagation = bind.propagation().isEmpty() ? "rprivate" : bind.propagation();
        if (!PROPAGATION.contains(propagation)) {
            throw ProcessSpec.refused("mount propagation '" + propagation + "' is unknown");
        }
        List<String> options = new ArrayList<>();
        options.add(bind.nonRecursive() ? "bind" : "rbind");
        options.add(propagation);
        options.add(!mount.readOnly() ? "rw" : bind.readOnlyForceRecursive() ? "rro" : "ro");
        return mount("bind", mount.source(), mount.target(), options);
    }

    private static Map<String, Object> tmpfs(Mount mount) throws ExecutorException {
        List<String> options = new ArrayList<>(List.of("nosuid", "nodev"));
        String exec = "noexec";
        for (String option : mount.tmpfs().options().split(",")) {
            switch (option.strip()) {
                case "" -> {
                    // nothing said
                }
                case "exec", "noexec" -> exec = option.strip();
                default -> throw ProcessSpec.refused("tmpfs option '" + option + "' at '" + mount.target()
                        + "' is not one of exec, noexec");
            }
        }
        options.add(exec);
        options.add(mount.readOnly() ? "ro" : "rw");
        if (mount.tmpfs().sizeBytes() > 0) {
            options.add("size=" + mount.tmpfs().sizeBytes());
        }
        if (mount.tmpfs().mode() != 0) {
            options.add("mode=" + Integer.toOctalString(mount.tmpfs().mode()));
        }
        return mount("tmpfs", "tmpfs", mount.target(), options);
    }

    private static Map<String, Object> mount(String type, String source, String target, List<String> options) {
        return Map.of("type", type, "source", source, "destination", target, "options", options);
    }
}
