package io.osmia.executor.podman.internal;

/** What the executor and its controllers share. */
record Host(
        PodmanApi api,
        EngineWatch watch,
        Changes changes,
        Containers containers,
        Images images,
        HealthChecks health,
        String network) {}
