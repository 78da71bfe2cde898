package io.osmia.itests.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Temporary folders below target/: on a real disk, where /tmp may be memory. Short, for unix sockets have short paths. */
public final class OnDisk implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws Exception {
        Path base = Files.createDirectories(Path.of("target", "t").toAbsolutePath());
        return Files.createTempDirectory(base, "");
    }
}
