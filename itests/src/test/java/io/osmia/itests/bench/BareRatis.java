package io.osmia.itests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import io.osmia.itests.harness.Ports;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * What a write costs in Ratis alone: three processes, no TLS, nothing but a log with the settings of ours, entries of 256
 * bytes submitted on the leader itself.
 */
public final class BareRatis {

    private static final int PEERS = 3;
    private static final int WARM_UP = 4_000;
    private static final int TIMED = 2_000;
    private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(1, 1));

    private BareRatis() {}

    /** Starts the three and prints what the first of them measured. */
    static void run(Path dir) throws Exception {
        Files.createDirectories(dir);
        List<String> ports = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            ports.add(Ports.free() + "");
        }
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = PEERS - 1; i >= 0; i--) {
                processes.add(start(dir, i, ports));
            }
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(processes.getLast().getInputStream()))) {
                lines.lines().filter(line -> line.startsWith("bare Ratis")).findFirst().ifPresentOrElse(
                        System.out::println,
                        () -> System.out.println("bare Ratis: no figure, see " + dir));
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static Process start(Path dir, int index, List<String> ports) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(), "-Xmx512m", "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), BareRatis.class.getName(),
                dir.resolve("peer" + index).toString(), index + ""));
        command.addAll(ports);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(dir.resolve("peer" + index + ".log").toFile());
        return (index == 0 ? builder : builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)).start();
    }

    /** One peer: its folder, its number, the ports of all. */
    public static void main(String[] arguments) throws Exception {
        int index = Integer.parseInt(arguments[1]);
        List<RaftPeer> peers = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            peers.add(RaftPeer.newBuilder()
                    .setId("p" + i)
                    .setAddress("127.0.0.1:" + arguments[2 + i])
                    .setPriority(i == 0 ? 1 : 0)
                    .build());
        }
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peers.get(index).getId())
                .setGroup(RaftGroup.valueOf(GROUP, peers))
                .setStateMachine(new Nothing())
                .setProperties(settings(Path.of(arguments[0]), Integer.parseInt(arguments[2 + index])))
                .build();
        server.start();
        if (index == 0) {
            measure(server);
        } else {
            Thread.currentThread().join();
        }
    }

    private static void measure(RaftServer server) throws Exception {
        while (!server.getDivision(GROUP).getInfo().isLeaderReady()) {
            LockSupport.parkNanos(10_000_000);
        }
        ClientId client = ClientId.randomId();
        Message entry = Message.valueOf(ByteString.copyFrom(new byte[256]));
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < WARM_UP + TIMED; i++) {
            RaftClientRequest request = RaftClientRequest.newBuilder()
                    .setClientId(client)
                    .setServerId(server.getId())
                    .setGroupId(GROUP)
                    .setCallId(i)
                    .setMessage(entry)
                    .setType(RaftClientRequest.writeRequestType())
                    .build();
            long begin = System.nanoTime();
            RaftClientReply reply = server.submitClientRequestAsync(request).get(10, TimeUnit.SECONDS);
            if (!reply.isSuccess()) {
                throw new IllegalStateException(reply.getException());
            }
            if (i >= WARM_UP) {
                millis.add(Figures.millisSince(begin));
            }
        }
        Figures.print("bare Ratis write, 3 processes, 1 caller, warm", millis, "ms");
        System.out.flush();
    }

    private static RaftProperties settings(Path dir, int port) {
        RaftProperties p = new RaftProperties();
        GrpcConfigKeys.Server.setHost(p, "127.0.0.1");
        GrpcConfigKeys.Server.setPort(p, port);
        RaftServerConfigKeys.setStorageDir(p, List.of(dir.toFile()));
        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(4L << 20));
        RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf(1L << 20));
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, TimeDuration.valueOf(300, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, TimeDuration.valueOf(600, TimeUnit.MILLISECONDS));
        return p;
    }

    /** Applies by doing nothing. */
    private static final class Nothing extends BaseStateMachine {

        @Override
        public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
            updateLastAppliedTermIndex(
                    transaction.getLogEntry().getTerm(), transaction.getLogEntry().getIndex());
            return CompletableFuture.completedFuture(Message.EMPTY);
        }
    }
}
