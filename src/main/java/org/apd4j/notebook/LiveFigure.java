package org.apd4j.notebook;

import java.util.Objects;
import org.apd4j.charts.Figure;
import org.apd4j.notebook.internal.DisplaySlot;
import org.apd4j.notebook.internal.KernelScreen;
import org.apd4j.notebook.internal.Outputs;
import org.apd4j.notebook.internal.Screen;

/**
 * A figure in the output of a cell that can be replaced by another one, for example to watch a run while it trains. The last one remains.
 *
 * <pre>{@code
 * var picture = new LiveFigure();
 * run.every(500, now -> picture.show(Figures.components(now)));
 * run.train();
 * }</pre>
 */
public final class LiveFigure {

    private final DisplaySlot slot;

    /** Creates an empty display, which appears in the cell that shows the first figure. In a plain program it shows nothing. */
    public LiveFigure() {
        this(new KernelScreen());
    }

    LiveFigure(Screen screen) {
        slot = new DisplaySlot(screen);
    }

    /** Shows a figure instead of the previous one. */
    public void show(Figure figure) {
        Objects.requireNonNull(figure, "figure");
        slot.show(id -> Outputs.figure(id, figure));
    }
}
