package org.apd4j.notebook;

import java.util.Objects;
import java.util.UUID;
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

    private final Screen screen;
    private String id;

    /** In the output of the cell that shows the first table. In a plain program it shows nothing. */
    public LiveTable() {
        this(new KernelScreen());
    }

    LiveTable(Screen screen) {
        this.screen = screen;
    }

    /** Shows a table, in the place of the one before. */
    public synchronized void show(Table table) {
        Objects.requireNonNull(table, "table");
        if (id == null) {
            id = "apd-table-" + UUID.randomUUID();
            screen.show(Outputs.html(id, TableHtml.of(table), TableHtml.text(table)));
        } else {
            screen.update(Outputs.html(id, TableHtml.of(table), TableHtml.text(table)));
        }
    }
}
