package io.osmia.executor.process.internal;

import io.osmia.api.ResourceAmounts;
import io.osmia.api.executor.ExecutorException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Control groups of tasks: limits, and an exact list of every process of a task. Version 2 where its controllers can be
 * used, version 1 as on older hosts; nothing where this user may not make groups.
 *
 * <p>A task has the group {@code osmia/TASK_ID} in every hierarchy that limits it, and in one even without a limit: making
 * and entering a group is among the dearest things a start does.
 */
final class Cgroups {

    private static final long PERIOD_MICROS = 100_000;
    private static final int ROUNDS = 500;

    /** With less, a shell cannot be started, and the kernel would kill it without a word. */
    private static final long LEAST_MEMORY = 4 << 20;

    /** How often the kernel killed a member for want of memory, in both versions' files. */
    private static final Pattern OOM_KILLS = Pattern.compile("oom_kill ([0-9]+)");

    private final Path root;
    private final boolean unified;
    /** Folders below which task groups are made, by controller (version 1), or the one of version 2. */
    private final List<String> usable;

    private Cgroups(Path root, boolean unified, List<String> usable) {
        this.root = root;
        this.unified = unified;
        this.usable = usable;
    }

    /** Looks what this machine and user allow. Makes the parent groups. */
    static Cgroups detect(Path root) {
        List<String> usable = new ArrayList<>();
        boolean unified = Files.exists(root.resolve("cgroup.controllers"));
        if (unified) {
            if (makeUnified(root)) {
                usable.add("");
            }
        } else {
            for (String controller : List.of("memory", "cpu", "pids")) {
                if (make(root.resolve(controller).resolve("osmia"), "cgroup.procs")) {
                    usable.add(controller);
                }
            }
        }
        return new Cgroups(root, unified, List.copyOf(usable));
    }

    private static boolean makeUnified(Path root) {
        try {
            String controllers = Files.readString(root.resolve("cgroup.controllers"));
            for (String controller : List.of("memory", "cpu", "pids")) {
                if (!controllers.contains(controller)) {
                    return false;
                }
            }
            if (!make(root.resolve("osmia"), "cgroup.procs")) {
                return false;
            }
            Files.writeString(root.resolve("cgroup.subtree_control"), "+memory +cpu +pids");
            Files.writeString(root.resolve("osmia/cgroup.subtree_control"), "+memory +cpu +pids");
            return true;
        } catch (IOException e) {
            return false; // not ours to change: limits are then refused with that reason
        }
    }

    private static boolean make(Path group, String file) {
        try {
            Files.createDirectories(group);
            return Files.isWritable(group.resolve(file));
        } catch (IOException e) {
            return false;
        }
    }

    /** Why the limits cannot be enforced here; throws when so. */
    void check(ResourceAmounts limits, long pids) throws ExecutorException {
        if (limits.memoryBytes() > 0 && limits.memoryBytes() < LEAST_MEMORY) {
            throw ProcessSpec.refused("a memory limit of " + limits.memoryBytes()
                    + " bytes is less than any program needs; give at least " + LEAST_MEMORY);
        }
        need(limits.memoryBytes() > 0, "memory", "memory limit");
        need(limits.nanoCpus() > 0, "cpu", "processor limit");
        need(pids > 0, "pids", "limit of processes");
    }

    private void need(boolean wanted, String controller, String what) throws ExecutorException {
        if (wanted && !usable.contains(unified ? "" : controller)) {
            throw new ExecutorException(
                    "osmia/host: a " + what + " needs the control group '" + controller
                            + "', which this node may not use; run the node as root or leave the limit out",
                    false);
        }
    }

    /** Whether tasks can have groups at all. */
    boolean usable() {
        return !usable.isEmpty();
    }

    /** The cgroup.procs files of the groups that the task has. */
    List<Path> procs(String taskId) {
        return groups(taskId).stream()
                .map(group -> group.resolve("cgroup.procs"))
                .toList();
    }

    /** Processor time that so much processor means in each period of 100 ms. */
    static long quotaMicros(long nanoCpus) {
        return Math.max(1000, nanoCpus / 1_000_000 * PERIOD_MICROS / 1000);
    }

    /** Makes the task's groups with its limits and returns their cgroup.procs files, which the process then enters. */
    List<Path> create(String taskId, ResourceAmounts limits, long pids) throws IOException {
        List<Path> procs = new ArrayList<>();
        for (String controller : needed(limits, pids)) {
            Path group = group(controller, taskId);
            if (!Files.isDirectory(group)) {
                Files.createDirectories(group);
            }
            procs.add(group.resolve("cgroup.procs"));
        }
        if (limits.memoryBytes() > 0) {
            write(taskId, "memory", unified ? "memory.max" : "memory.limit_in_bytes", limits.memoryBytes() + "");
            if (unified) {
                write(taskId, "memory", "memory.swap.max", "0");
            }
        }
        if (limits.nanoCpus() > 0) {
            long quota = quotaMicros(limits.nanoCpus());
            if (unified) {
                write(taskId, "cpu", "cpu.max", quota + " " + PERIOD_MICROS);
            } else {
                write(taskId, "cpu", "cpu.cfs_period_us", PERIOD_MICROS + "");
                write(taskId, "cpu", "cpu.cfs_quota_us", quota + "");
            }
        }
        if (pids > 0) {
            write(taskId, "pids", "pids.max", pids + "");
        }
        return procs;
    }

    private List<String> needed(ResourceAmounts limits, long pids) {
        if (unified || usable.isEmpty()) {
            return usable;
        }
        List<String> needed = new ArrayList<>();
        if (limits.memoryBytes() > 0) {
            needed.add("memory");
        }
        if (limits.nanoCpus() > 0) {
            needed.add("cpu");
        }
        if (pids > 0 || needed.isEmpty()) {
            needed.add(usable.contains("pids") ? "pids" : usable.getFirst());
        }
        return needed;
    }

    private void write(String taskId, String controller, String file, String value) throws IOException {
        Path path = root.resolve(unified ? "" : controller).resolve("osmia").resolve(taskId).resolve(file);
        if (Files.exists(path)) {
            Files.writeString(path, value);
        } else if (!file.equals("memory.swap.max")) {
            throw new IOException(path + " does not exist");
        }
    }

    /** Whether the task has a group, and with it an exact list of its processes. */
    boolean has(String taskId) {
        return !groups(taskId).isEmpty();
    }

    /** Every process that is in one of the task's groups, or in one that the task made inside; lowest id first. */
    Set<Long> members(String taskId) throws IOException {
        Set<Long> pids = new TreeSet<>();
        for (Path group : groups(taskId)) {
            addMembers(group, pids);
        }
        // What a member of another process id namespace looks like.
        pids.remove(0L);
        return pids;
    }

    private static void addMembers(Path group, Set<Long> pids) throws IOException {
        try {
            String procs = Files.readString(group.resolve("cgroup.procs"), StandardCharsets.US_ASCII);
            procs.lines().map(Long::valueOf).forEach(pids::add);
            for (Path inner : inner(group)) {
                addMembers(inner, pids);
            }
        } catch (NoSuchFileException e) {
            // It has just been removed, which only an empty one can be.
        }
    }

    private static List<Path> inner(Path group) throws IOException {
        List<Path> inner = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(group, Files::isDirectory)) {
            folders.forEach(inner::add);
        }
        return inner;
    }

    /** The task's memory limit, in bytes; 0 when it has none. */
    long memoryLimit(String taskId) {
        Path group = root.resolve(unified ? "" : "memory").resolve("osmia").resolve(taskId);
        try {
            String limit = Files.readString(group.resolve(unified ? "memory.max" : "memory.limit_in_bytes")).strip();
            // Version 1 says so by a number beyond all memory, version 2 by a word.
            return limit.matches("[0-9]{1,15}") ? Long.parseLong(limit) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whether the kernel killed a process of the task because of its memory limit. */
    boolean ranOutOfMemory(String taskId) throws IOException {
        Path group = root.resolve(unified ? "" : "memory").resolve("osmia").resolve(taskId);
        try {
            Matcher kills = OOM_KILLS.matcher(
                    Files.readString(group.resolve(unified ? "memory.events" : "memory.oom_control")));
            return kills.find() && !kills.group(1).equals("0");
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            return false; // it had no group
        }
    }

    /** Removes the task's groups. They must be empty of processes; a zombie that nobody has reaped yet may hold one. */
    void remove(String taskId) throws IOException, InterruptedException {
        for (Path group : groups(taskId)) {
            for (int round = 0; !deleted(group, round == ROUNDS); round++) {
                Pause.millis(10);
            }
        }
    }

    /** A process that has just been killed keeps its group busy for some milliseconds. */
    private static boolean deleted(Path group, boolean last) throws IOException {
        try {
            delete(group);
            return true;
        } catch (IOException e) {
            if (last) {
                throw e;
            }
            return false;
        }
    }

    /** A task that is root may have made groups inside its own. */
    private static void delete(Path group) throws IOException {
        if (!Files.exists(group)) {
            return;
        }
        for (Path each : inner(group)) {
            delete(each);
        }
        Files.deleteIfExists(group);
    }

    /** The groups that the task has. */
    private List<Path> groups(String taskId) {
        return usable.stream().map(controller -> group(controller, taskId)).filter(Files::isDirectory).toList();
    }

    private Path group(String controller, String taskId) {
        return root.resolve(controller).resolve("osmia").resolve(taskId);
    }
}
