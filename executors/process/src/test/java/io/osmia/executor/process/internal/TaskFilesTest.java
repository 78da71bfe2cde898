package io.osmia.executor.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executor's folder. */
@Timeout(60)
class TaskFilesTest {

    private static final String ID = "task1";

    @TempDir
    Path root;

    @Test
    void whatVanishesWhileATaskIsRemovedHoldsUpNobody() throws Exception {
        TaskFiles files = new TaskFiles(root);
        files.create();
        for (int round = 0; round < 20; round++) {
            files.prepare(ID, file -> {});
            Path work = files.work(ID);
            for (int i = 0; i < 300; i++) {
                Files.createFile(work.resolve("f" + i));
            }
            CountDownLatch both = new CountDownLatch(2);
            FutureTask<Boolean> vanishing = new FutureTask<>(() -> {
                both.countDown();
                both.await();
                for (int i = 0; i < 300; i++) {
                    Files.deleteIfExists(work.resolve("f" + i));
                }
                return true;
            });
            Thread.ofPlatform().daemon().start(vanishing);
            both.countDown();
            both.await();

            files.remove(ID);

            assertThat(vanishing.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(files.folder(ID)).doesNotExist();
        }
    }
}
