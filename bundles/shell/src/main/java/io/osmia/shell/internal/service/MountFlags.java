package io.osmia.shell.internal.service;

import io.osmia.shell.internal.text.Amount;
import io.osmia.wire.swarmkit.Mount;
import io.osmia.wire.swarmkit.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Folders and files that a task sees; given ones replace those of the same kind. */
final class MountFlags {

    private static final int OCTAL = 8;

    @Option(names = "--bind", paramLabel = "SRC:DST", description = "Path of the node inside the container. Repeatable.")
    private @Nullable List<String> binds;

    @Option(names = "--volume", paramLabel = "DST", description = "Volume inside the container. Repeatable.")
    private @Nullable List<String> volumes;

    @Option(names = "--tmpfs", paramLabel = "DST[:OPTIONS]", description = "Folder in memory; options: size=64m,mode=1777,ro,rw,exec,noexec. Repeatable.")
    private @Nullable List<String> tmpfs;

    void mergeInto(ServiceSpec.Builder spec) {
        replace(spec, Mount.Type.BIND, binds);
        replace(spec, Mount.Type.VOLUME, volumes);
        replace(spec, Mount.Type.TMPFS, tmpfs);
    }

    private static void replace(ServiceSpec.Builder spec, Mount.Type type, @Nullable List<String> given) {
        if (given == null) {
            return;
        }
        List<Mount> mounts = new ArrayList<>(spec.getTask().getContainer().getMountsList());
        mounts.removeIf(mount -> mount.getType() == type);
        given.forEach(text -> mounts.add(mount(type, text)));
        spec.getTaskBuilder().getContainerBuilder().clearMounts().addAllMounts(mounts);
    }

    private static Mount mount(Mount.Type type, String text) {
        Mount.Builder mount = Mount.newBuilder().setType(type);
        int colon = text.indexOf(':');
        return switch (type) {
            case BIND -> {
                if (colon <= 0 || colon == text.length() - 1) {
                    throw new IllegalArgumentException("malformed bind '" + text + "', write it as source:target");
                }
                yield mount.setSource(text.substring(0, colon)).setTarget(text.substring(colon + 1)).build();
            }
            case TMPFS -> {
                mount.setTarget(colon < 0 ? text : text.substring(0, colon));
                if (colon >= 0) {
                    tmpfsOptions(mount, text.substring(colon + 1));
                }
                yield mount.build();
            }
            default -> mount.setTarget(text).build();
        };
    }

    private static void tmpfsOptions(Mount.Builder mount, String options) {
        List<String> others = new ArrayList<>();
        for (String option : options.split(",")) {
            if (option.startsWith("size=")) {
                mount.getTmpfsOptionsBuilder().setSizeBytes(Amount.bytes(option.substring("size=".length())));
            } else if (option.startsWith("mode=")) {
                mount.getTmpfsOptionsBuilder().setMode(mode(option.substring("mode=".length())));
            } else if (option.equals("ro") || option.equals("rw")) {
                mount.setReadonly(option.equals("ro"));
            } else if (option.equals("exec") || option.equals("noexec")) {
                others.add(option);
            } else {
                throw new IllegalArgumentException("unknown tmpfs option '" + option + "'");
            }
        }
        if (!others.isEmpty()) {
            mount.getTmpfsOptionsBuilder().setOptions(String.join(",", others));
        }
    }

    private static int mode(String text) {
        try {
            return Integer.parseInt(text, OCTAL);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("tmpfs mode '" + text + "' is not octal");
        }
    }
}
