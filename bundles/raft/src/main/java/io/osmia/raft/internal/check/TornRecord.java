package io.osmia.raft.internal.check;

/**
 * Tells a last record that a crash left half written from one that was whole and has been damaged since.
 *
 * <p>A disk writes whole sectors, and the file was filled with zeros beforehand. So a record that was not wholly written ends
 * with the file, or has a sector's share that is still zero. A record with a flipped byte has neither, and a record with
 * intact ones behind it was not the last. When in doubt it is damage, and the node does not start.
 */
final class TornRecord {

    private static final int SECTOR = 512;

    private final SegmentBytes segment;
    private final int offset;

    /** @param offset where no intact record begins, though there are bytes that are not zero */
    TornRecord(SegmentBytes segment, int offset) {
        this.segment = segment;
        this.offset = offset;
    }

    boolean is() {
        if (anIntactRecordFollows() || onlyTheLengthIsWrong()) {
            return false;
        }
        int claimed = segment.claimedEnd(offset);
        if (claimed > segment.length() && segment.lastData() >= segment.length() - SegmentBytes.CHECKSUM_BYTES) {
            return true;
        }
        int end = claimed < 0
                ? Math.max(segment.lastData() + 1, segment.lengthEnd(offset))
                : Math.min(claimed, segment.length());
        return segment.endsAt(end) && hasUnwrittenSector(end);
    }

    private boolean anIntactRecordFollows() {
        for (int at = offset + 1; at <= segment.lastData(); at++) {
            if (segment.entryAt(at) != null) {
                return true;
            }
        }
        return false;
    }

    private boolean onlyTheLengthIsWrong() {
        int first = segment.lastData() + 1;
        for (int end = first; end < first + SegmentBytes.CHECKSUM_BYTES; end++) {
            if (segment.intactWithLengthUpTo(offset, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasUnwrittenSector(int end) {
        int from = offset;
        while (from < end) {
            int to = Math.min(end, (from / SECTOR + 1) * SECTOR);
            if (segment.zeros(from, to)) {
                return true;
            }
            from = to;
        }
        return false;
    }
}
