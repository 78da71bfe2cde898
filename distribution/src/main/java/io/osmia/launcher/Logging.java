package io.osmia.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Logs of all bundles go to standard error through java.util.logging, the backend behind SLF4J. */
final class Logging {

    /** One line: time with offset, level, logger, text; then the stack trace of an exception, if any. */
    private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s: %5$s%6$s%n";

    /** Libraries that tell too much: a message that is too long is the client's fault, and needs no stack trace here. */
    private static final Map<String, Level> QUIET = Map.of(
            "org.apache.ratis", Level.SEVERE,
            "org.apache.felix", Level.WARNING,
            "org.apache.sshd", Level.WARNING,
            "org.bouncycastle", Level.WARNING,
            "io.grpc", Level.WARNING,
            "io.grpc.netty.NettyServerStream", Level.SEVERE,
            "io.netty", Level.WARNING);

    /** LogManager holds loggers weakly; without this their levels would be forgotten. */
    private static final List<Logger> KEPT = new ArrayList<>();

    private Logging() {}

    static void configure(String level) {
        System.setProperty("java.util.logging.SimpleFormatter.format", FORMAT);
        Level least = switch (level) {
            case "error" -> Level.SEVERE;
            case "warn" -> Level.WARNING;
            case "debug" -> Level.FINE;
            default -> Level.INFO;
        };
        Handler handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new SimpleFormatter());
        Logger root = Logger.getLogger("");
        for (Handler former : root.getHandlers()) {
            root.removeHandler(former);
        }
        root.addHandler(handler);
        root.setLevel(least);
        QUIET.forEach((name, quiet) -> {
            Logger logger = Logger.getLogger(name);
            boolean debug = least == Level.FINE;
            logger.setLevel(debug || least.intValue() > quiet.intValue() ? least : quiet);
            KEPT.add(logger);
        });
    }
}
