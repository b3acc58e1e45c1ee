package org.apd4j.notebook.internal;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;

/** Where what changes in place appears: in the notebook, or in a test. */
public interface Screen {

    /** Shows something new; its display id says what it is. */
    void show(DisplayData data);

    /** Puts it in the place of what has the same display id. */
    void update(DisplayData data);
}
