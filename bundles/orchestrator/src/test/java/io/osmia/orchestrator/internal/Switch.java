package io.osmia.orchestrator.internal;

import io.osmia.store.Commit;
import io.osmia.store.View;
import io.osmia.store.loop.Reactor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All orchestrators of a leader, that can be replaced by those of another one. */
final class Switch implements Reactor {

    private final Scene scene;
    private List<Reactor> current;

    Switch(Scene scene) {
        this.scene = scene;
        this.current = fresh();
    }

    private List<Reactor> fresh() {
        return List.of(
                new ReplicatedOrchestrator(
                        scene.sim.store(), 1, scene.sim.ids(), Scene::match, Scene.OLD_TASK_TIMEOUT),
                new GlobalOrchestrator(scene.sim.store(), 1, scene.sim.ids(), Scene::match, Scene.OLD_TASK_TIMEOUT),
                new ConstraintEnforcer(scene.sim.store(), 1, Scene::match),
                new TaskReaper(scene.sim.store(), 1));
    }

    void change() {
        current = fresh();
        start(scene.sim.store().view(), scene.sim.now());
    }

    @Override
    public void start(View view, Instant now) {
        current.forEach(r -> r.start(view, now));
    }

    @Override
    public void commit(Commit commit, Instant now) {
        current.forEach(r -> r.commit(commit, now));
    }

    @Override
    public void tick(Instant now) {
        current.forEach(r -> r.tick(now));
    }

    @Override
    public @Nullable Instant deadline() {
        return current.stream()
                .map(Reactor::deadline)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
