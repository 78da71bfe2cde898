package io.osmia.executor.podman.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.osmia.api.executor.ExecutorException;
import io.osmia.api.executor.ExecutorTask;
import io.osmia.api.executor.Workload;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a task may use at most, as Podman wants it (rule 6.15.9). Reservations are the scheduler's. */
final class Limits {

    /** Docker refuses less as well: what starts a container already needs it. */
    static final long LEAST_MEMORY = 6L << 20;

    private static final long LEAST_NANO_CPUS = 10_000_000;
    private static final long PERIOD_MICROS = 100_000;
    private static final BigInteger UNLIMITED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final Pattern ULIMIT = Pattern.compile("[a-z]{2,16}");

    private Limits() {}

    static void addTo(JsonObject request, ExecutorTask task) throws ExecutorException {
        JsonObject resources = new JsonObject();
        addCpu(resources, task.resources().limits().nanoCpus());
        addMemory(resources, task);
        JsonObject pids = new JsonObject();
        // Podman has a limit of its own when nothing is said; the task says that there is none.
        pids.addProperty("limit", task.workload().pidsLimit() > 0 ? task.workload().pidsLimit() : -1);
        resources.add("pids", pids);
        request.add("resource_limits", resources);
        addUlimits(request, task.workload());
        if (task.workload().oomScoreAdj() != 0) {
            request.addProperty("oom_score_adj", task.workload().oomScoreAdj());
        }
    }

    private static void addCpu(JsonObject resources, long nanoCpus) throws ExecutorException {
        if (nanoCpus == 0) {
            return;
        }
        if (nanoCpus < LEAST_NANO_CPUS) {
            throw Refusals.never("a limit of " + nanoCpus + " billionths of a processor is below the least, 0.01");
        }
        JsonObject cpu = new JsonObject();
        cpu.addProperty("period", PERIOD_MICROS);
        cpu.addProperty("quota", nanoCpus / (1_000_000_000 / PERIOD_MICROS));
        resources.add("cpu", cpu);
    }

    private static void addMemory(JsonObject resources, ExecutorTask task) throws ExecutorException {
        long bytes = task.resources().limits().memoryBytes();
        JsonObject memory = new JsonObject();
        if (bytes != 0) {
            if (bytes < LEAST_MEMORY) {
                throw Refusals.never("a memory limit of " + bytes + " bytes is below the least, 6 MiB");
            }
            memory.addProperty("limit", bytes);
        }
        if (task.resources().swapBytes().isPresent()) {
            long swap = task.resources().swapBytes().getAsLong();
            if (bytes == 0) {
                throw Refusals.never("a limit of swap space needs a memory limit");
            }
            memory.addProperty("swap", swap < 0 ? -1 : bytes + swap);
        }
        if (task.resources().memorySwappiness().isPresent()) {
            memory.addProperty("swappiness", task.resources().memorySwappiness().getAsLong());
        }
        if (!memory.isEmpty()) {
            resources.add("memory", memory);
        }
    }

    private static void addUlimits(JsonObject request, Workload workload) throws ExecutorException {
        JsonArray limits = new JsonArray();
        for (Workload.Ulimit ulimit : workload.ulimits()) {
            String name = ulimit.name().toLowerCase(Locale.ROOT);
            if (!ULIMIT.matcher(name).matches()) {
                throw Refusals.never("ulimit '" + ulimit.name() + "' is not one");
            }
            JsonObject limit = new JsonObject();
            limit.addProperty("type", name);
            limit.addProperty("soft", value(ulimit.soft()));
            limit.addProperty("hard", value(ulimit.hard()));
            limits.add(limit);
        }
        if (!limits.isEmpty()) {
            request.add("r_limits", limits);
        }
    }

    private static BigInteger value(long limit) {
        return limit < 0 ? UNLIMITED : BigInteger.valueOf(limit);
    }
}
