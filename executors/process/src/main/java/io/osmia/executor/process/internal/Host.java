package io.osmia.executor.process.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The parts of the machine that the controllers of all tasks share.
 *
 * @param isolates whether tasks that are prepared now are isolated
 */
record Host(
        TaskFiles files,
        Exits exits,
        Supervisor supervisor,
        ExitWatch watch,
        ProcessTree tree,
        Cgroups cgroups,
        HostUsers users,
        Isolation isolation,
        boolean isolates) {

    /** Gives a folder to the user that a task runs as. */
    void own(Path folder, String user) throws IOException {
        String name = user.contains(":") ? user.substring(0, user.indexOf(':')) : user;
        if (Character.isDigit(name.charAt(0))) {
            Files.setAttribute(folder, "unix:uid", Integer.valueOf(name));
        } else {
            Files.setOwner(folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
        }
    }
}
