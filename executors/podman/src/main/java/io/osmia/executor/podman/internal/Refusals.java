package io.osmia.executor.podman.internal;

import io.osmia.api.executor.ExecutorException;
import java.util.Locale;

/** What Podman complains of, in words that tell a user what to do, and whether it may be over later. */
final class Refusals {

    private Refusals() {}

    /** A refusal of a task that no machine and no moment changes. */
    static ExecutorException never(String why) {
        return ExecutorException.permanent("podman: " + why);
    }

    /** Of a call that makes or starts a container. */
    static ExecutorException of(String name, String doing, Answer answer) {
        String complaint = answer.complaint();
        String lower = complaint.toLowerCase(Locale.ROOT);
        String who = "podman: container " + name + ": ";
        if (isPassing(lower)) {
            return ExecutorException.temporary(who + "cannot " + doing + " now: " + complaint);
        }
        return ExecutorException.permanent(who + plain(lower, "cannot " + doing) + ": " + complaint);
    }

    private static String plain(String complaint, String otherwise) {
        if (complaint.contains("image not known") || complaint.contains("no such image")) {
            return "its image is not on this node";
        }
        if (complaint.contains("address already in use") || complaint.contains("already allocated")) {
            return "a port it publishes is taken on this node";
        }
        if (complaint.contains("command that was not found") || complaint.contains("executable file not found")) {
            return "the image has no such command";
        }
        if (complaint.contains("no command or entrypoint")) {
            return "neither the task nor its image names a command";
        }
        if (complaint.contains("exec:") && complaint.contains("permission denied")) {
            return "its command may not be executed";
        }
        if (complaint.contains("statfs") || complaint.contains("error mounting") || complaint.contains("mountpoint")) {
            return "a source that it mounts is missing on this node";
        }
        if (complaint.contains("memory limit")) {
            return "its memory limit is too low";
        }
        if (complaint.contains("executing container init") || complaint.contains("catatonit")) {
            return "the engine has no init program (Debian package catatonit)";
        }
        return otherwise;
    }

    /** What the machine or the engine may be over with soon. */
    private static boolean isPassing(String complaint) {
        return complaint.contains("no space left")
                || complaint.contains("resource temporarily unavailable")
                || complaint.contains("too many open files")
                || complaint.contains("database is locked")
                || complaint.contains("context canceled")
                || complaint.contains("context deadline exceeded")
                || complaint.contains("cannot allocate memory")
                || complaint.contains("allocating lock");
    }
}
