package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserCodeTest {

    private final UserCode code = new UserCode(null, Duration.ofMinutes(5));

    @BeforeEach
    void begin() {
        code.begin();
    }

    @AfterEach
    void end() {
        code.end();
        StopCheck.go();
    }

    @Test
    void valuesAndExceptionsAreThoseOfTheCode() throws Exception {
        assertEquals(3, code.call(() -> 3));
        assertThrows(java.io.IOException.class, () -> code.call(() -> {
            throw new java.io.IOException("no");
        }));
        assertThrows(StackOverflowError.class, () -> code.call(() -> {
            throw new StackOverflowError();
        }));
    }

    @Test
    void allCellsRunOnOneThread() throws Exception {
        Object first = code.call(Thread::currentThread);
        assertSame(first, code.call(Thread::currentThread));
        assertSame(first, code.call(() -> code.call(Thread::currentThread)));
        assertNotSame(Thread.currentThread(), first);
    }

    @Test
    void aStopInterruptsWaitingCodeButNotTheNextCell() throws Exception {
        assertThrows(InterruptedException.class, () -> code.call(() -> {
            code.stop();
            Thread.sleep(600_000);
            return null;
        }));
        assertEquals(UserCode.Stop.PRESSED, code.stopped());
        assertThrows(UserCode.StoppedException.class, () -> code.call(() -> 1));
        code.end();
        code.begin();
        assertEquals(UserCode.Stop.NONE, code.stopped());
        assertEquals(false, code.call(Thread::interrupted));
    }

    @Test
    void stopBetweenCellsStopsNone() throws Exception {
        code.end();
        code.stop();
        code.begin();
        assertEquals(1, code.call(() -> 1));
    }

    @Test
    void codeThatIgnoresAStopContinuesAndTheNextCellGetsAnotherThread() throws Exception {
        var released = new AtomicBoolean();
        var ended = new CountDownLatch(1);
        Object first = code.call(Thread::currentThread);
        var thrown = assertThrows(UserCode.UnstoppableException.class, () -> code.call(() -> {
            code.stop();
            code.stop();
            while (!released.get()) {
                Thread.onSpinWait();
            }
            ended.countDown();
            return null;
        }));
        assertTrue(thrown.getMessage().contains("restart the kernel"));
        code.end();
        code.begin();
        assertNotSame(first, code.call(Thread::currentThread));
        released.set(true);
        ended.await();
        assertEquals(2, code.call(() -> 2));
    }

    @Test
    void aTimeLimitStopsACellAndIsNamed() throws Exception {
        var limited = new UserCode(Duration.ofMillis(20), Duration.ofMinutes(5));
        limited.begin();
        assertThrows(InterruptedException.class, () -> limited.call(() -> {
            Thread.sleep(600_000);
            return null;
        }));
        assertEquals(UserCode.Stop.TIMEOUT, limited.stopped());
        limited.end();
    }

    @Test
    void aLimitIsANumberAndAUnit() {
        assertEquals(Optional.of(Duration.ofSeconds(30)), new UserCode("30 seconds").limit());
        assertEquals(Optional.of(Duration.ofMillis(1500)), new UserCode(" 1500 ").limit());
        assertEquals(Optional.of(Duration.ofMinutes(2)), new UserCode("2 Minutes").limit());
        assertEquals(Optional.empty(), new UserCode("0 seconds").limit());
        assertEquals(Optional.empty(), new UserCode("").limit());
        var thrown = assertThrows(IllegalArgumentException.class, () -> new UserCode("soon"));
        assertTrue(thrown.getMessage().contains("'soon'"));
    }
}
