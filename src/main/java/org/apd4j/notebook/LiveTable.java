package org.apd4j.notebook;

import java.util.Objects;
import org.apd4j.notebook.internal.DisplaySlot;
import org.apd4j.notebook.internal.KernelScreen;
import org.apd4j.notebook.internal.Outputs;
import org.apd4j.notebook.internal.Screen;
import org.apd4j.tables.internal.TableHtml;
import tech.tablesaw.api.Table;

/**
 * One table in a cell's output that changes in place, as {@link LiveFigure} does for a picture. The last table stays.
 *
 * <pre>{@code
 * var scan = Sweep.of(target.target(), ApdConfig.paperTms5to2(), SweepAxis.simplicity(0.3, 0.7), SweepAxis.batchTopK(0.211), 1);
 * var live = new LiveTable();
 * scan.whenever(now -> live.show(now.table()));
 * scan.train();
 * }</pre>
 */
public final class LiveTable {

    private final DisplaySlot place;

    /** In the output of the cell that shows the first table. In a plain program it shows nothing. */
    public LiveTable() {
        this(new KernelScreen());
    }

    LiveTable(Screen screen) {
        place = new DisplaySlot(screen);
    }

    /** Shows a table, in the place of the one before. */
    public void show(Table table) {
        Objects.requireNonNull(table, "table");
        place.show(id -> Outputs.html(id, TableHtml.of(table), TableHtml.text(table)));
    }
}
