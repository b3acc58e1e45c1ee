package org.apd4j.notebook.jupyter;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of the last runs of a notebook's cells. A page that is opened after a cell has begun receives from here the outputs that it has missed,
 * since Jupyter drops outputs while no page is open.
 *
 * <p>The most recent runs are kept, up to the amount that Jupyter's server accepts at once.
 */
final class ShownOutputs {

    /** The largest number of characters that are kept. */
    static final int MOST_CHARS = 1_500_000;

    private final Map<String, ShownCell> cells = new LinkedHashMap<>();

    /**
     * Records a message that is sent to the open pages.
     *
     * @param cell    the id of the cell in its notebook
     * @param content the content of the message, which is ignored if it is not an output
     */
    synchronized void record(String cell, Object content) {
        if (content instanceof PublishExecuteInput input) {
            cells.remove(cell);
            cells.put(cell, new ShownCell(input, MOST_CHARS));
        } else if (content instanceof PublishUpdateDisplayData update) {
            cells.values().forEach(shown -> shown.update(update));
        } else {
            @Nullable ShownCell shown = cells.get(cell);
            if (shown != null) {
                shown.add(content);
            }
        }
        forgetTheOldest();
    }

    private void forgetTheOldest() {
        long size = cells.values().stream().mapToLong(ShownCell::size).sum();
        for (Iterator<ShownCell> oldest = cells.values().iterator(); size > MOST_CHARS && cells.size() > 1; oldest.remove()) {
            size -= oldest.next().size();
        }
    }

    /**
     * Returns the last runs of the cells for which a page shows another execution count.
     *
     * @param numbers the execution counts on the page, JSON null for a cell without one, by the id of the cell
     */
    synchronized List<JsonObject> missedBy(JsonObject numbers) {
        var missed = new ArrayList<JsonObject>();
        cells.forEach((cell, shown) -> {
            @Nullable JsonElement number = numbers.get(cell);
            if (number != null && (number.isJsonNull() || number.getAsInt() != shown.number())) {
                JsonObject json = shown.json();
                json.addProperty("cell", cell);
                missed.add(json);
            }
        });
        return missed;
    }
}
