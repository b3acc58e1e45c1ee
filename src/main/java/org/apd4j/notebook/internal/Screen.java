package org.apd4j.notebook.internal;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;

/** The destination of outputs that can be replaced: the notebook, or a recorder in tests. */
public interface Screen {

    /** Shows a new output; its display id identifies it. */
    void show(DisplayData data);

    /** Replaces the output that has the same display id. */
    void update(DisplayData data);
}
