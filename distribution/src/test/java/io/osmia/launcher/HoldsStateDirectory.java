package io.osmia.launcher;

import io.osmia.raft.StateDirectory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that holds a state directory until it is told to end; then it has left, or not. */
final class HoldsStateDirectory {

    private HoldsStateDirectory() {}

    public static void main(String[] args) throws InterruptedException {
        Path directory = Path.of(args[0]);
        StateDirectory held = StateDirectory.open(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (args[1].equals("leaves")) {
                directory.resolve("leave").toFile().delete();
            }
            held.close();
        }));
        System.out.println("held");
        new CountDownLatch(1).await();
    }
}
