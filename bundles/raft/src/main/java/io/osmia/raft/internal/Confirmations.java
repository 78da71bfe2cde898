package io.osmia.raft.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this manager still leads. One that was cut off or stopped for a while does not know of its successor, and what its
 * state says may be old: only the majority can tell. All who ask while a question is out share the next one.
 */
final class Confirmations {

    /** Who wants to know whether this manager led in a term at some moment after the question. */
    private record Waiting(long term, CompletableFuture<Void> confirmed) {}

    private final Supplier<CompletableFuture<Long>> majority;
    private final LongPredicate leads;

    /* Guarded by this. */
    private List<Waiting> waiting = new ArrayList<>();
    private boolean asking;

    /**
     * @param majority the highest term that a majority of the members knows; fails when too few answer. Answers run on the
     *     thread that completes it
     * @param leads whether this manager, for all it knows, leads in a term
     */
    Confirmations(Supplier<CompletableFuture<Long>> majority, LongPredicate leads) {
        this.majority = majority;
        this.leads = leads;
    }

    /** Completes when nobody else can have led since this term began and until this call; fails when that cannot be told. */
    CompletableFuture<Void> leading(long term) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(new Waiting(term, confirmed));
            if (asking) {
                return confirmed;
            }
            asking = true;
        }
        ask();
        return confirmed;
    }

    private void ask() {
        List<Runnable> answers = new ArrayList<>();
        for (List<Waiting> served = next(); !served.isEmpty(); served = next()) {
            List<Waiting> of = served;
            CompletableFuture<Long> question = question();
            if (!question.isDone()) {
                question.whenComplete((highest, failure) -> {
                    ask();
                    answer(of, highest, failure);
                });
                break;
            }
            question.whenComplete((highest, failure) -> answers.add(() -> answer(of, highest, failure)));
        }
        // After the next question: an answer may run whatever its owner wants.
        answers.forEach(Runnable::run);
    }

    /** Who is served by the next question. */
    private synchronized List<Waiting> next() {
        List<Waiting> served = waiting;
        waiting = new ArrayList<>();
        asking = !served.isEmpty();
        return served;
    }

    private CompletableFuture<Long> question() {
        try {
            return majority.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answer(List<Waiting> served, @Nullable Long highest, @Nullable Throwable failure) {
        for (Waiting one : served) {
            if (highest != null && highest <= one.term() && leads.test(one.term())) {
                one.confirmed().complete(null);
            } else {
                one.confirmed().completeExceptionally(new IOException("not confirmed as leader", failure));
            }
        }
    }
}
