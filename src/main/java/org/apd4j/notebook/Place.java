package org.apd4j.notebook;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;
import java.util.function.Function;

/** A place in a cell's output: what is shown first appears in the cell that shows it, everything after takes its place. */
final class Place {

    private final Screen screen;
    private final String id = "apd-" + UUID.randomUUID();
    private boolean taken;

    Place(Screen screen) {
        this.screen = screen;
    }

    /** @param content given the identity by which it can be replaced */
    synchronized void show(Function<String, DisplayData> content) {
        DisplayData data = content.apply(id);
        if (taken) {
            screen.update(data);
        } else {
            screen.show(data);
            taken = true;
        }
    }
}
