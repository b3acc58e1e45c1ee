package org.apd4j.notebook.internal;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;
import java.util.function.Function;

/** An output of a cell that can be replaced: the first content appears in the cell that shows it, and later content replaces it there. */
public final class DisplaySlot {

    private final Screen screen;
    private final String id = "apd-" + UUID.randomUUID();
    private boolean taken;

    /** Creates an empty slot. */
    public DisplaySlot(Screen screen) {
        this.screen = screen;
    }

    /**
     * Shows content instead of the previous one.
     *
     * @param content a function from the display id, by which it can be replaced, to the content
     */
    public synchronized void show(Function<String, DisplayData> content) {
        DisplayData data = content.apply(id);
        if (taken) {
            screen.update(data);
        } else {
            screen.show(data);
            taken = true;
        }
    }
}
