package io.osmia.raft.internal.service;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What follows when the managers' copies of the state are compared. */
enum Verdict {
    /** All that answered have the same. */
    EQUAL,
    /** Most have what this one has, and some do not. */
    WITH_THE_MAJORITY,
    /** Most have something else, and the same. */
    IN_THE_MINORITY,
    /** No digest has a majority of the members behind it. */
    NO_MAJORITY;

    /**
     * @param own of this member
     * @param others of those that answered
     * @param members how many there are, this one included
     */
    static Verdict of(ByteString own, Collection<ByteString> others, int members) {
        Map<ByteString, Integer> votes = new HashMap<>();
        votes.merge(own, 1, Integer::sum);
        others.forEach(digest -> votes.merge(digest, 1, Integer::sum));
        if (votes.size() == 1) {
            return EQUAL;
        }
        boolean ownWins = votes.getOrDefault(own, 0) > members / 2;
        boolean anyWins = votes.values().stream().anyMatch(count -> count > members / 2);
        return ownWins ? WITH_THE_MAJORITY : anyWins ? IN_THE_MINORITY : NO_MAJORITY;
    }
}
