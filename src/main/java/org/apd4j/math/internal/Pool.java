package org.apd4j.math.internal;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Working memory for the threads that happen to compute: as many objects are made as threads ever compute at once.
 *
 * <pre>{@code
 * var buffers = new Pool<>(() -> Matrix.zeros(100, 50));
 * Matrix buffer = buffers.take();
 * buffers.give(buffer);
 * }</pre>
 *
 * @param <T> the working memory
 */
public final class Pool<T> {

    private final ConcurrentLinkedDeque<T> free = new ConcurrentLinkedDeque<>();
    private final Supplier<T> maker;

    public Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One that nobody else uses until it is given back. */
    public T take() {
        T item = free.pollFirst();
        return item != null ? item : maker.get();
    }

    /** Gives one back. */
    public void give(T item) {
        free.addFirst(item);
    }
}
