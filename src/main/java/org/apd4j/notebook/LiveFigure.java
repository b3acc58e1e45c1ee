package org.apd4j.notebook;

import java.util.Objects;
import org.apd4j.charts.Figure;
import org.apd4j.notebook.internal.DisplaySlot;
import org.apd4j.notebook.internal.KernelScreen;
import org.apd4j.notebook.internal.Outputs;
import org.apd4j.notebook.internal.Screen;

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

    private final DisplaySlot place;

    /** In the output of the cell that shows the first figure. In a plain program it shows nothing. */
    public LiveFigure() {
        this(new KernelScreen());
    }

    LiveFigure(Screen screen) {
        place = new DisplaySlot(screen);
    }

    /** Shows a figure, in the place of the one before. */
    public void show(Figure figure) {
        Objects.requireNonNull(figure, "figure");
        place.show(id -> Outputs.figure(id, figure));
    }
}
