package org.apd4j.notebook.internal;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;
import java.util.function.Function;

/** A place in a cell's output: what is shown first appears in the cell that shows it, everything after takes its place. */
public final class DisplaySlot {

    private final Screen screen;
    private final String id = "apd-" + UUID.randomUUID();
    private boolean taken;

    public DisplaySlot(Screen screen) {
        this.screen = screen;
    }

    /** @param content given the identity by which it can be replaced */
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
