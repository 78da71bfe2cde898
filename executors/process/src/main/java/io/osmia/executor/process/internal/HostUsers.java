package io.osmia.executor.process.internal;

import io.osmia.api.executor.ExecutorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which users tasks may run as, and how.
 *
 * @param own the node's own user
 * @param root whether the node runs as root
 * @param allowed users a task may ask for; {@code *} for all
 */
record HostUsers(String own, boolean root, Set<String> allowed) {

    /**
     * User and groups by number.
     *
     * @param uid user
     * @param gid group
     * @param groups supplementary groups
     */
    record Ids(long uid, long gid, List<Long> groups) {
        static final Ids ROOT = new Ids(0, 0, List.of());
    }

    /** The numbers of the user that a task asks for, and of further groups. */
    Ids ids(String user, List<String> groups) throws ExecutorException, InterruptedException {
        List<Long> numbers = new ArrayList<>();
        for (String group : groups) {
            numbers.add(group.matches("[0-9]{1,9}") ? Long.parseLong(group) : group(group));
        }
        if (user.isEmpty() || user.equals(own)) {
            return new Ids(0, 0, numbers);
        }
        String name = allowed(user);
        boolean numeric = name.matches("[0-9]{1,9}");
        long uid = numeric ? Long.parseLong(name) : Long.parseLong(id("-u", name));
        String group = user.contains(":") ? user.substring(user.indexOf(':') + 1) : "";
        long gid = group.isEmpty()
                ? (numeric ? 0 : Long.parseLong(id("-g", name)))
                : group.matches("[0-9]{1,9}") ? Long.parseLong(group) : group(group);
        if (!numeric) {
            for (String each : id("-G", name).split(" ")) {
                numbers.add(Long.parseLong(each));
            }
        }
        return new Ids(uid, gid, numbers);
    }

    private static long group(String name) throws ExecutorException, InterruptedException {
        try {
            return Long.parseLong(lookup(name, "getent", "group", "--", name).split(":")[2]);
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            throw ProcessSpec.refused("group '" + name + "' cannot be looked up");
        }
    }

    private String allowed(String user) throws ExecutorException {
        String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
        if (!allowed.contains("*") && !allowed.contains(name)) {
            throw ProcessSpec.refused("user '" + name + "' is not allowed on this node; add it to 'users' in"
                    + " conf/io.osmia.executor.process.cfg");
        }
        if (!root) {
            throw ProcessSpec.refused("user '" + name + "' needs a node that runs as root");
        }
        return name;
    }

    /** The words before the command that change the user; none when the task asks for none or for the node's own. */
    List<String> become(String user) throws ExecutorException, InterruptedException {
        if (user.isEmpty() || user.equals(own)) {
            return List.of();
        }
        String name = allowed(user);
        String uid = id("-u", name);
        String group = user.contains(":") ? user.substring(user.indexOf(':') + 1) : id("-g", name);
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + group));
        words.add(Character.isDigit(name.charAt(0)) ? "--clear-groups" : "--init-groups");
        words.add("--");
        return words;
    }

    private static String id(String which, String name) throws ExecutorException, InterruptedException {
        return lookup(name, "id", which, "--", name);
    }

    private static String lookup(String name, String... words) throws ExecutorException, InterruptedException {
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return text.strip();
            }
        } catch (IOException e) {
            throw ProcessSpec.refused("'" + name + "' cannot be looked up: " + e.getMessage());
        }
        throw ProcessSpec.refused("user or group '" + name + "' does not exist on this node");
    }
}
