package io.osmia.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A root file system with a shell, busybox's programs and nothing else: no image can be pulled where tests run. */
final class BusyboxRoot {

    private BusyboxRoot() {}

    /** Makes it in that folder, and an archive of it beside. */
    static Path archive(Path folder) throws IOException, InterruptedException {
        for (String name : List.of("bin", "etc", "tmp", "proc", "sys", "dev", "root", "var")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.writeString(
                folder.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:n:/:/bin/sh\n");
        Files.writeString(folder.resolve("etc/group"), "root:x:0:\nnobody:x:65534:\n");
        commands(folder.resolve("bin"));
        Path archive = folder.resolveSibling(folder.getFileName() + ".tar");
        Process tar = new ProcessBuilder("tar", "-C", folder.toString(), "-cf", archive.toString(), ".").start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar ended with " + tar.exitValue());
        }
        return archive;
    }

    private static void commands(Path bin) throws IOException {
        Path busybox = Stream.of("/bin/busybox", "/usr/bin/busybox").map(Path::of).filter(Files::exists)
                .findFirst().orElseThrow(() -> new IOException("no busybox"));
        Files.copy(busybox, bin.resolve("busybox"));
        Process list = new ProcessBuilder(busybox.toString(), "--list").start();
        String names = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String name : names.lines().map(String::strip).toList()) {
            if (!name.isEmpty() && !name.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
            }
        }
        // Debian's busybox has none.
        Path printenv = bin.resolve("printenv");
        Files.deleteIfExists(printenv);
        Files.writeString(printenv, "#!/bin/sh\neval \"printf '%s\\\\n' \\\"\\${$1}\\\"\"\n");
        Files.setPosixFilePermissions(printenv, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
