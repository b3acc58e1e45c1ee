package org.apd4j.notebook;

import java.util.Objects;
import org.apd4j.notebook.internal.DisplaySlot;
import org.apd4j.notebook.internal.KernelScreen;
import org.apd4j.notebook.internal.Outputs;
import org.apd4j.notebook.internal.Screen;
import org.apd4j.tables.internal.TableHtml;
import tech.tablesaw.api.Table;

/**
 * A table in the output of a cell that can be replaced by another one, as {@link LiveFigure} does for figures. The last one remains.
 *
 * <pre>{@code
 * var sweep = Sweep.of(Apd.METHOD, target.trained(), ApdConfig.paperTms5to2(), ApdAxis.simplicity(0.3, 0.7), ApdAxis.batchTopK(0.211), 1);
 * var live = new LiveTable();
 * sweep.whenever(now -> live.show(Tables.sweep(now.result())));
 * sweep.train();
 * }</pre>
 */
public final class LiveTable {

    private final DisplaySlot slot;

    /** Creates an empty display, which appears in the cell that shows the first table. In a plain program it shows nothing. */
    public LiveTable() {
        this(new KernelScreen());
    }

    LiveTable(Screen screen) {
        slot = new DisplaySlot(screen);
    }

    /** Shows a table instead of the previous one. */
    public void show(Table table) {
        Objects.requireNonNull(table, "table");
        slot.show(id -> Outputs.html(id, TableHtml.of(table), TableHtml.text(table)));
    }
}
