package org.apd4j.notebook;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;

/** Where what changes in place appears: in the notebook, or in a test. */
interface Screen {

    /** Shows something new; its display id says what it is. */
    void show(DisplayData data);

    /** Puts it in the place of what has the same display id. */
    void update(DisplayData data);
}
