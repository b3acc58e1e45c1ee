package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {

    @Test
    void returnedObjectsAreReusedBeforeNewOnesAreCreated() {
        AtomicInteger made = new AtomicInteger();
        Pool<int[]> pool = new Pool<>(() -> new int[] {made.incrementAndGet()});
        int[] one = pool.take();
        int[] other = pool.take();
        assertNotSame(one, other);
        pool.give(one);
        assertSame(one, pool.take());
        assertEquals(2, made.get());
        assertEquals(3, pool.take()[0]);
    }
}
