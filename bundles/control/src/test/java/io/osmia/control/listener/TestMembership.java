package io.osmia.control.listener;

import io.osmia.roles.Membership;
import io.osmia.roles.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two managers, and who of them leads as told. */
final class TestMembership implements Membership {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile List<Member> members = List.of();

    /** @param address of the one that leads */
    void leads(String nodeId, String address) {
        members = List.of(new Member(7, nodeId, address, "", true, true));
        listeners.forEach(Runnable::run);
    }

    void nobodyLeads() {
        members = List.of();
        listeners.forEach(Runnable::run);
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
