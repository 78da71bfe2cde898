package io.osmia.itests.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Depth first search for an order of the operations on one object, as Wing and Gong described it, with Lowe's memory of the
 * places that led nowhere. Begins and ends stand in one list by time; an operation may come next when no end stands before its
 * begin; what is taken leaves the list until the search takes it back.
 */
final class Search {

    enum Result {
        FOUND,
        NONE,
        GIVEN_UP
    }

    private final List<Operation> operations;
    private final int mostSteps;
    private final Mark head = Mark.end(-1);
    private final Set<Place> seen = new HashSet<>();
    private final Deque<Step> taken = new ArrayDeque<>();
    private final BitSet ordered = new BitSet();
    private List<Operation> longest = List.of();
    private State state = State.ABSENT;
    private int toOrder;

    Search(List<Operation> operations, int mostSteps) {
        this.operations = operations.stream()
                .sorted(Comparator.comparingLong(Operation::begin))
                .toList();
        this.mostSteps = mostSteps;
        link();
    }

    /** The order found; or, when there is none, the longest that was. */
    List<Operation> longest() {
        return longest;
    }

    List<Operation> rest() {
        List<Operation> rest = new ArrayList<>(operations);
        rest.removeAll(longest);
        return rest;
    }

    Result run() {
        @Nullable Mark at = head.next;
        for (int steps = 0; toOrder > 0; steps++) {
            if (steps > mostSteps) {
                return Result.GIVEN_UP;
            }
            if (at != null && at.isBegin() && take(at)) {
                at = head.next;
            } else if (at != null && at.isBegin()) {
                at = at.next;
            } else if (taken.isEmpty()) {
                return Result.NONE;
            } else {
                at = takeBack().next;
            }
        }
        longest = order();
        return Result.FOUND;
    }

    private boolean take(Mark begin) {
        Operation operation = operations.get(begin.operation);
        Optional<State> next = Register.after(state, operation.call(), operation.outcome());
        if (next.isEmpty()) {
            return false;
        }
        ordered.set(begin.operation);
        if (!seen.add(new Place((BitSet) ordered.clone(), next.get()))) {
            ordered.clear(begin.operation);
            return false;
        }
        taken.push(new Step(begin, state));
        state = next.get();
        begin.leave();
        if (taken.size() > longest.size()) {
            longest = order();
        }
        toOrder -= operation.isUnknown() ? 0 : 1;
        return true;
    }

    private Mark takeBack() {
        Step step = taken.pop();
        step.begin.comeBack();
        state = step.before;
        ordered.clear(step.begin.operation);
        toOrder += operations.get(step.begin.operation).isUnknown() ? 0 : 1;
        return step.begin;
    }

    private List<Operation> order() {
        List<Operation> order = new ArrayList<>();
        taken.descendingIterator().forEachRemaining(step -> order.add(operations.get(step.begin.operation)));
        return order;
    }

    private void link() {
        List<Timed> marks = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            Mark begin = Mark.begin(i, operation.isUnknown() ? null : Mark.end(i));
            marks.add(new Timed(operation.begin(), false, begin));
            if (begin.end != null) {
                marks.add(new Timed(operation.end(), true, begin.end));
                toOrder++;
            }
        }
        // At the same instant begins come first: then the two overlapped.
        marks.sort(Comparator.comparingLong(Timed::at).thenComparing(Timed::isEnd));
        Mark last = head;
        for (Timed timed : marks) {
            last.next = timed.mark;
            timed.mark.before = last;
            last = timed.mark;
        }
    }

    private record Timed(long at, boolean isEnd, Mark mark) {}

    private record Place(BitSet ordered, State state) {}

    private record Step(Mark begin, State before) {}

    /** The begin or the end of an operation, in a list that it can leave and come back to. */
    private static final class Mark {

        private final int operation;
        private final @Nullable Mark end;
        private final boolean begin;
        private @Nullable Mark before;
        private @Nullable Mark next;

        static Mark begin(int operation, @Nullable Mark end) {
            return new Mark(operation, end, true);
        }

        static Mark end(int operation) {
            return new Mark(operation, null, false);
        }

        private Mark(int operation, @Nullable Mark end, boolean begin) {
            this.operation = operation;
            this.end = end;
            this.begin = begin;
        }

        boolean isBegin() {
            return begin;
        }

        void leave() {
            unlink();
            if (end != null) {
                end.unlink();
            }
        }

        /** In the reverse order of {@link #leave}. */
        void comeBack() {
            if (end != null) {
                end.relink();
            }
            relink();
        }

        private void unlink() {
            if (before != null) {
                before.next = next;
            }
            if (next != null) {
                next.before = before;
            }
        }

        private void relink() {
            if (before != null) {
                before.next = this;
            }
            if (next != null) {
                next.before = this;
            }
        }
    }
}
