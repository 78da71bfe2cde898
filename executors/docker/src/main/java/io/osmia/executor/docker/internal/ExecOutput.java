package io.osmia.executor.docker.internal;

import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One output of a program: what has come and was not read yet. Who writes waits when there is much of it. */
final class ExecOutput extends InputStream {

    private static final int CAPACITY = 64 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final byte[] ring = new byte[CAPACITY];
    private int start;
    private int size;
    private boolean ended;

    /** Returns when all is taken, or nobody reads any more. */
    void write(byte[] data) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int offset = 0;
            while (offset < data.length && !ended) {
                while (size == CAPACITY && !ended) {
                    changed.await();
                }
                int at = (start + size) % CAPACITY;
                int count = Math.min(Math.min(data.length - offset, CAPACITY - size), CAPACITY - at);
                System.arraycopy(data, offset, ring, at, count);
                size += count;
                offset += count;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        lock.lock();
        try {
            while (size == 0 && !ended) {
                changed.awaitUninterruptibly();
            }
            if (size == 0) {
                return -1;
            }
            int count = Math.min(Math.min(length, size), CAPACITY - start);
            System.arraycopy(ring, start, buffer, from, count);
            start = (start + count) % CAPACITY;
            size -= count;
            changed.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end();
    }
}
