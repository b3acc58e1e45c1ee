package org.apd4j.notebook;

import java.util.Objects;
import java.util.UUID;
import org.apd4j.figures.Figure;

/**
 * One picture in a cell's output that changes in place: to look inside while something trains. The last figure stays.
 *
 * <pre>{@code
 * var picture = new LiveFigure();
 * run.every(500, now -> picture.show(Figures.components(now)));
 * run.train();
 * }</pre>
 */
public final class LiveFigure {

    private final Screen screen;
    private String id;

    /** In the output of the cell that shows the first figure. In a plain program it shows nothing. */
    public LiveFigure() {
        this(new KernelScreen());
    }

    LiveFigure(Screen screen) {
        this.screen = screen;
    }

    /** Shows a figure, in the place of the one before. */
    public synchronized void show(Figure figure) {
        Objects.requireNonNull(figure, "figure");
        if (id == null) {
            id = "apd-figure-" + UUID.randomUUID();
            screen.show(Outputs.figure(id, figure));
        } else {
            screen.update(Outputs.figure(id, figure));
        }
    }
}
