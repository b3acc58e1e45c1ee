package org.apd4j.notebook;

import java.util.Objects;
import org.apd4j.tables.TableHtml;
import tech.tablesaw.api.Table;

/**
 * One table in a cell's output that changes in place, as {@link LiveFigure} does for a picture. The last table stays.
 *
 * <pre>{@code
 * var scan = Scan.of(target.target(), ApdConfig.paperTms5to2(), Setting.simplicity(0.3, 0.7), Setting.batchTopK(0.211), 1);
 * var live = new LiveTable();
 * scan.whenever(now -> live.show(now.table()));
 * scan.train();
 * }</pre>
 */
public final class LiveTable {

    private final Place place;

    /** In the output of the cell that shows the first table. In a plain program it shows nothing. */
    public LiveTable() {
        this(new KernelScreen());
    }

    LiveTable(Screen screen) {
        place = new Place(screen);
    }

    /** Shows a table, in the place of the one before. */
    public void show(Table table) {
        Objects.requireNonNull(table, "table");
        place.show(id -> Outputs.html(id, TableHtml.of(table), TableHtml.text(table)));
    }
}
