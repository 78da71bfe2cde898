package io.osmia.executor.docker.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Mounts of a task as the engine is told of them (rule 6.15.10). */
final class Mounts {

    private static final String[] UNITS = {"", "k", "m", "g"};

    private Mounts() {}

    static void put(ObjectNode host, ExecutorTask task) throws ExecutorException {
        ArrayNode mounts = Engine.JSON.createArrayNode();
        ObjectNode tmpfs = Engine.JSON.createObjectNode();
        for (Mount mount : task.workload().mounts()) {
            if (!mount.target().startsWith("/") && mount.type() != Mount.Type.NPIPE) {
                throw ContainerRequest.refused(task, "mount target '" + mount.target() + "' is not absolute");
            }
            switch (mount.type()) {
                case BIND -> mounts.add(bind(mount));
                case VOLUME -> mounts.add(volume(mount));
                case NPIPE -> mounts.add(common(mount));
                case TMPFS -> tmpfs.put(mount.target(), tmpfs(mount));
                case CLUSTER -> throw ContainerRequest.refused(
                        task, "mount of cluster volume '" + mount.source() + "' is not supported by this executor");
            }
        }
        if (!mounts.isEmpty()) {
            host.set("Mounts", mounts);
        }
        if (!tmpfs.isEmpty()) {
            host.set("Tmpfs", tmpfs);
        }
    }

    private static ObjectNode common(Mount mount) {
        ObjectNode node = Engine.JSON.createObjectNode();
        node.put("Type", mount.type().name().toLowerCase(Locale.ROOT));
        node.put("Source", mount.source());
        node.put("Target", mount.target());
        node.put("ReadOnly", mount.readOnly());
        if (!mount.consistency().equals("default")) {
            node.put("Consistency", mount.consistency());
        }
        return node;
    }

    private static ObjectNode bind(Mount mount) {
        ObjectNode node = common(mount);
        Mount.Bind bind = mount.bind();
        ObjectNode options = node.putObject("BindOptions").put("Propagation", bind.propagation());
        option(options, "NonRecursive", bind.nonRecursive());
        option(options, "CreateMountpoint", bind.createMountpoint());
        option(options, "ReadOnlyNonRecursive", bind.readOnlyNonRecursive());
        option(options, "ReadOnlyForceRecursive", bind.readOnlyForceRecursive());
        return node;
    }

    private static void option(ObjectNode options, String name, boolean value) {
        if (value) {
            options.put(name, true);
        }
    }

    private static ObjectNode volume(Mount mount) {
        ObjectNode node = common(mount);
        Mount.Volume volume = mount.volume();
        ObjectNode options = Engine.JSON.createObjectNode();
        option(options, "NoCopy", volume.noCopy());
        ContainerRequest.strings(options, "Labels", volume.labels());
        if (!volume.driver().equals(Driver.NONE)) {
            ObjectNode driver = options.putObject("DriverConfig").put("Name", volume.driver().name());
            ContainerRequest.strings(driver, "Options", volume.driver().options());
        }
        if (!volume.subpath().isEmpty()) {
            options.put("Subpath", volume.subpath());
        }
        if (!options.isEmpty()) {
            node.set("VolumeOptions", options);
        }
        return node;
    }

    private static String tmpfs(Mount mount) {
        List<String> options = new ArrayList<>();
        if (mount.readOnly()) {
            options.add("ro");
        }
        if (mount.tmpfs().mode() != 0) {
            options.add("mode=" + Integer.toOctalString(mount.tmpfs().mode()));
        }
        if (mount.tmpfs().sizeBytes() != 0) {
            options.add("size=" + size(mount.tmpfs().sizeBytes()));
        }
        for (String option : mount.tmpfs().options().split(",")) {
            if (option.equals("exec") || option.equals("noexec")) {
                options.add(option);
            }
        }
        return String.join(",", options);
    }

    /** In the largest unit that divides it. */
    private static String size(long bytes) {
        long size = bytes;
        int unit = 0;
        while (unit < UNITS.length - 1 && size % 1024 == 0) {
            size /= 1024;
            unit++;
        }
        return size + UNITS[unit];
    }

    /** Volumes that have to be made before the container: the named ones with a driver (rule 6.15.5). */
    static List<ObjectNode> toCreate(ExecutorTask task) {
        List<ObjectNode> volumes = new ArrayList<>();
        for (Mount mount : task.workload().mounts()) {
            Mount.Volume volume = mount.volume();
            if (mount.type() == Mount.Type.VOLUME && !mount.source().isEmpty()
                    && !volume.driver().equals(Driver.NONE)) {
                ObjectNode node = Engine.JSON.createObjectNode().put("Name", mount.source());
                if (!volume.driver().name().isEmpty()) {
                    node.put("Driver", volume.driver().name());
                }
                ContainerRequest.strings(node, "DriverOpts", volume.driver().options());
                ContainerRequest.strings(node, "Labels", volume.labels());
                volumes.add(node);
            }
        }
        return volumes;
    }
}
