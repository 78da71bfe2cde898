package io.osmia.raft.internal;

import io.osmia.raft.internal.transport.TlsTransport;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.ReflectionUtils;

/** What Ratis does to the whole process, undone; and what it needs of the calling thread. */
final class RatisRuntime {

    private RatisRuntime() {}

    /**
     * Ratis ends the process when its port is taken or a thread dies, and takes over the handler for uncaught exceptions. In
     * a framework with other bundles it may do neither.
     */
    private static void tame() {
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        ExitUtils.setTerminateOnUncaughtException(false);
        Thread.setDefaultUncaughtExceptionHandler(handler);
    }

    /**
     * Ratis looks for a transport by name through a class loader that does not see this bundle; but it first asks the cache
     * of classes that were found before, through whichever loader.
     */
    private static void showTransports() {
        try {
            for (Class<?> transport : List.of(NoTransport.class, TlsTransport.class)) {
                ReflectionUtils.getClassByName(transport.getName(), transport.getClassLoader());
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e); // its own loader finds it
        }
    }

    /**
     * Runs something of Ratis. It finds its own classes by name through the context class loader of whichever thread comes
     * first, and keeps that loader for good.
     */
    static <T> T run(Callable<T> action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(RaftServer.class.getClassLoader());
        try {
            tame();
            showTransports();
            return action.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
