package io.osmia.executor.podman.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.osmia.api.executor.Driver;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a task mounts, as Podman wants it (rule 6.15.10). */
final class Mounts {

    private static final Set<String> PROPAGATION =
            Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave");

    private static final String VOLUME_NAME = "[a-zA-Z0-9][a-zA-Z0-9_.-]*";

    private Mounts() {}

    static void addTo(JsonObject request, List<Mount> mounts) throws ExecutorException {
        JsonArray plain = new JsonArray();
        JsonArray volumes = new JsonArray();
        for (Mount mount : mounts) {
            if (!mount.target().startsWith("/")) {
                throw Refusals.never("mount target '" + mount.target() + "' is not absolute");
            }
            if ((mount.target() + mount.source()).indexOf('\0') >= 0) {
                throw Refusals.never("mount source or target '" + mount.source() + "', '" + mount.target()
                        + "' is none that a file can have");
            }
            switch (mount.type()) {
                case BIND -> plain.add(bind(mount));
                case TMPFS -> plain.add(tmpfs(mount));
                case VOLUME -> volumes.add(volume(mount));
                case NPIPE, CLUSTER -> throw Refusals.never("mount of type "
                        + mount.type().name().toLowerCase(java.util.Locale.ROOT) + " at " + mount.target()
                        + " cannot be had with Podman");
            }
        }
        if (!plain.isEmpty()) {
            request.add("mounts", plain);
        }
        if (!volumes.isEmpty()) {
            request.add("volumes", volumes);
        }
    }

    private static JsonObject bind(Mount mount) throws ExecutorException {
        if (!mount.source().startsWith("/")) {
            throw Refusals.never("mount source '" + mount.source() + "' is not absolute");
        }
        Mount.Bind bind = mount.bind();
        String propagation = bind.propagation().isEmpty() ? "rprivate" : bind.propagation();
        if (!PROPAGATION.contains(propagation)) {
            throw Refusals.never("mount propagation '" + propagation + "' is unknown");
        }
        List<String> options = new ArrayList<>();
        options.add(bind.nonRecursive() ? "bind" : "rbind");
        options.add(propagation);
        options.add(!mount.readOnly() ? "rw" : bind.readOnlyForceRecursive() ? "rro" : "ro");
        return mount("bind", mount.source(), mount.target(), options);
    }

    private static JsonObject tmpfs(Mount mount) throws ExecutorException {
        List<String> options = new ArrayList<>(List.of("nosuid", "nodev"));
        String exec = "noexec";
        for (String option : mount.tmpfs().options().split(",")) {
            switch (option.strip()) {
                case "" -> {
                    // nothing said
                }
                case "exec", "noexec" -> exec = option.strip();
                default -> throw Refusals.never("tmpfs option '" + option + "' at " + mount.target()
                        + " is not one of exec, noexec");
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

    private static JsonObject mount(String type, String source, String target, List<String> options) {
        JsonObject json = new JsonObject();
        json.addProperty("type", type);
        json.addProperty("source", source);
        json.addProperty("destination", target);
        json.add("options", Json.array(options));
        return json;
    }

    /** An anonymous one goes with its container. */
    private static JsonObject volume(Mount mount) throws ExecutorException {
        if (!mount.source().isEmpty() && !mount.source().matches(VOLUME_NAME)) {
            throw Refusals.never("volume name '" + mount.source() + "' is not one");
        }
        if (!mount.volume().subpath().isEmpty()) {
            throw Refusals.never("folder '" + mount.volume().subpath() + "' of volume '" + mount.source()
                    + "' cannot be mounted alone with this version of Podman");
        }
        if (mount.source().isEmpty() && isStated(mount.volume())) {
            throw Refusals.never("Podman takes no driver and no labels for an anonymous volume (at " + mount.target()
                    + "); name the volume");
        }
        List<String> options = new ArrayList<>();
        options.add(mount.readOnly() ? "ro" : "rw");
        if (mount.volume().noCopy()) {
            options.add("nocopy");
        }
        JsonObject json = new JsonObject();
        Json.addUnlessEmpty(json, "Name", mount.source());
        json.addProperty("Dest", mount.target());
        json.add("Options", Json.array(options));
        return json;
    }

    private static boolean isStated(Mount.Volume volume) {
        return !volume.labels().isEmpty() || !volume.driver().equals(Driver.NONE);
    }

    /** The request that makes a volume that has to be made before its container; the others are made with it. */
    static List<JsonObject> volumesToMake(List<Mount> mounts) {
        List<JsonObject> requests = new ArrayList<>();
        for (Mount mount : mounts) {
            Mount.Volume volume = mount.volume();
            if (mount.type() == Mount.Type.VOLUME && !mount.source().isEmpty() && isStated(volume)) {
                JsonObject json = new JsonObject();
                json.addProperty("Name", mount.source());
                Json.addUnlessEmpty(json, "Driver", volume.driver().name());
                Json.addUnlessEmpty(json, "Label", volume.labels());
                Json.addUnlessEmpty(json, "Options", volume.driver().options());
                requests.add(json);
            }
        }
        return requests;
    }
}
