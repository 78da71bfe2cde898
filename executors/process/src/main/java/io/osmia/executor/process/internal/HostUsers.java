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

    /** The words before the command that change the user; none when the task asks for none or for the node's own. */
    List<String> become(String user) throws ExecutorException, InterruptedException {
        if (user.isEmpty() || user.equals(own)) {
            return List.of();
        }
        String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
        if (!allowed.contains("*") && !allowed.contains(name)) {
            throw ProcessSpec.refused("user '" + name + "' is not allowed on this node; add it to 'users' in"
                    + " conf/io.osmia.executor.process.cfg");
        }
        if (!root) {
            throw ProcessSpec.refused("user '" + name + "' needs a node that runs as root");
        }
        String uid = id("-u", name);
        String group = user.contains(":") ? user.substring(user.indexOf(':') + 1) : id("-g", name);
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + group));
        words.add(Character.isDigit(name.charAt(0)) ? "--clear-groups" : "--init-groups");
        words.add("--");
        return words;
    }

    private static String id(String which, String name) throws ExecutorException, InterruptedException {
        try {
            Process process = new ProcessBuilder("id", which, "--", name).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return text.strip();
            }
        } catch (IOException e) {
            throw ProcessSpec.refused("user '" + name + "' cannot be looked up: " + e.getMessage());
        }
        throw ProcessSpec.refused("user '" + name + "' does not exist on this node");
    }
}
