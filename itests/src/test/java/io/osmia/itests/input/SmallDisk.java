package io.osmia.itests.input;

import static org.assertj.core.api.Assertions.assertThat;
import io.osmia.itests.harness.Distribution;
import io.osmia.itests.harness.Wanted;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A small file system of its own, in a file. */
final class SmallDisk implements AutoCloseable {

    private static final int CHUNK = 1 << 16;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /** @param dir where its file is, and where it is mounted */
    static SmallDisk make(Path dir, long bytes) throws IOException, InterruptedException {
        Wanted.root("a file system of a test's own is mounted by root");
        Path mkfs = Wanted.command("mkfs.ext4", "e2fsprogs");
        Path image = dir.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        // No blocks are kept for root: full is full.
        assertThat(run(mkfs.toString(), "-q", "-m", "0", image.toString()).err()).isEmpty();
        Path root = Files.createDirectory(dir.resolve("disk"));
        Distribution.Result mounted = run("mount", "-o", "loop", image.toString(), root.toString());
        Wanted.allowed(mounted.code() == 0, "no file system can be mounted from a file here: " + mounted.err());
        return new SmallDisk(root);
    }

    Path root() {
        return root;
    }

    /** Writes until nothing more fits. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler())) {
            byte[] chunk = new byte[CHUNK];
            while (true) {
                out.write(chunk);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    void empty() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return root.resolve("filler");
    }

    private static Distribution.Result run(String... command) throws IOException, InterruptedException {
        return Distribution.run(Map.of(), List.of(command));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        assertThat(run("umount", root.toString()).err()).isEmpty();
    }
}
