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

/**
 * What the cells of a notebook showed when they last ran. A page that is opened when a cell has begun gets from here what it missed: Jupyter
 * itself drops the outputs of a cell whose page was closed.
 *
 * <p>The cells that ran last are kept, as many as Jupyter's server lets through at once.
 */
final class ShownOutputs {

    static final int MOST_CHARS = 1_500_000;

    private final Map<String, ShownCell> cells = new LinkedHashMap<>();

    /**
     * Notes what is sent to the pages that are open.
     *
     * @param cell    the cell's identity in its notebook
     * @param content of the message; what shows nothing is passed over
     */
    synchronized void note(String cell, Object content) {
        if (content instanceof PublishExecuteInput input) {
            cells.remove(cell);
            cells.put(cell, new ShownCell(input, MOST_CHARS));
        } else if (content instanceof PublishUpdateDisplayData update) {
            cells.values().forEach(shown -> shown.update(update));
        } else if (cells.containsKey(cell)) {
            cells.get(cell).add(content);
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
     * Returns the last runs of the cells that a page shows with another number.
     *
     * @param numbers the number of each of the page's cells, null for none, by the cell's identity
     */
    synchronized List<JsonObject> missedBy(JsonObject numbers) {
        var missed = new ArrayList<JsonObject>();
        cells.forEach((cell, shown) -> {
            JsonElement number = numbers.get(cell);
            if (number != null && (number.isJsonNull() || number.getAsInt() != shown.number())) {
                JsonObject json = shown.json();
                json.addProperty("cell", cell);
                missed.add(json);
            }
        });
        return missed;
    }
}
