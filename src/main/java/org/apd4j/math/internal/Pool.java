package org.apd4j.math.internal;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * A pool of objects that hold working memory. It creates as many as are ever in use at the same time. Thread-safe.
 *
 * <pre>{@code
 * var buffers = new Pool<>(() -> Matrix.zeros(100, 50));
 * Matrix buffer = buffers.take();
 * buffers.give(buffer);
 * }</pre>
 *
 * @param <T> the type of the pooled objects
 */
public final class Pool<T> {

    private final ConcurrentLinkedDeque<T> free = new ConcurrentLinkedDeque<>();
    private final Supplier<T> maker;

    /** Creates an empty pool; {@code maker} supplies an object whenever none is free. */
    public Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Returns an object for the caller's exclusive use, until the caller calls {@link #give}. */
    public T take() {
        T item = free.pollFirst();
        return item != null ? item : maker.get();
    }

    /** Returns an object to the pool. */
    public void give(T item) {
        free.addFirst(item);
    }
}
