package org.apd4j.notebook.jupyter;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outputs of one run of a cell, in the format of notebook files. */
final class ShownCell {

    private static final String TYPE = "output_type";
    private static final String CUT = "\n[The rest of what this cell showed was not kept while no page was open.]\n";
    private static final Gson GSON = new Gson();

    private final PublishExecuteInput input;
    private final int mostChars;
    private final List<Output> outputs = new ArrayList<>();
    private final Map<String, Output> displays = new HashMap<>();
    private int size;
    private boolean cut;

    /** An output; the text of a stream is collected separately. */
    private static final class Output {

        private JsonObject json;
        private final @Nullable StreamType stream;
        private final StringBuilder text = new StringBuilder();

        Output(JsonObject json, @Nullable StreamType stream) {
            this.json = json;
            this.stream = stream;
        }

        JsonObject whole() {
            JsonObject whole = json.deepCopy();
            if (stream != null) {
                whole.addProperty("text", text.toString());
            }
            return whole;
        }
    }

    ShownCell(PublishExecuteInput input, int mostChars) {
        this.input = input;
        this.mostChars = mostChars;
        size = input.getCode().length();
    }

    /** Returns the execution count of the run. */
    int number() {
        return input.getCount();
    }

    /** Returns the number of characters kept. */
    int size() {
        return size;
    }

    /** Adds the output of a message. */
    void add(Object content) {
        if (content instanceof PublishStream stream) {
            print(stream.getStreamType(), stream.getText());
        } else if (content instanceof PublishError error) {
            add(error(error), null);
        } else if (content instanceof PublishExecuteResult result) {
            JsonObject json = display("execute_result", result);
            json.addProperty("execution_count", result.getCount());
            add(json, null);
        } else if (content instanceof PublishDisplayData data) {
            add(display("display_data", data), data.hasDisplayId() ? data.getDisplayId() : null);
        }
    }

    /** Replaces a display of this cell; ignores updates of other displays. */
    void update(PublishUpdateDisplayData update) {
        @Nullable Output shown = displays.get(update.getDisplayId());
        if (shown != null) {
            size -= size(shown.json);
            shown.json = display("display_data", update);
            size += size(shown.json);
        }
    }

    private void add(JsonObject json, @Nullable String displayId) {
        if (fits(size(json))) {
            var output = new Output(json, null);
            outputs.add(output);
            if (displayId != null) {
                displays.put(displayId, output);
            }
        }
    }

    private void print(StreamType stream, String text) {
        if (fits(text.length())) {
            append(stream, text);
        }
    }

    private boolean fits(int chars) {
        if (!cut && size + chars > mostChars) {
            cut = true;
            append(StreamType.OUT, CUT);
        }
        size += cut ? 0 : chars;
        return !cut;
    }

    private void append(StreamType stream, String text) {
        @Nullable Output last = outputs.isEmpty() ? null : outputs.get(outputs.size() - 1);
        if (last == null || last.stream != stream) {
            var json = new JsonObject();
            json.addProperty(TYPE, "stream");
            json.addProperty("name", stream == StreamType.ERR ? "stderr" : "stdout");
            last = new Output(json, stream);
            outputs.add(last);
        }
        last.text.append(text);
    }

    private static JsonObject error(PublishError error) {
        var json = new JsonObject();
        json.addProperty(TYPE, "error");
        json.addProperty("ename", error.getErrorName());
        json.addProperty("evalue", error.getErrorMessage());
        json.add("traceback", GSON.toJsonTree(error.getStacktrace()));
        return json;
    }

    private static JsonObject display(String type, DisplayData shown) {
        JsonObject json = GSON.toJsonTree(shown, DisplayData.class).getAsJsonObject();
        json.remove("transient");
        if (!json.has("metadata")) {
            json.add("metadata", new JsonObject());
        }
        json.addProperty(TYPE, type);
        return json;
    }

    private static int size(JsonObject json) {
        return json.toString().length();
    }

    /** Returns the run as JSON: code, execution count and outputs. */
    JsonObject json() {
        var whole = new JsonArray();
        outputs.forEach(output -> whole.add(output.whole()));
        var json = new JsonObject();
        json.addProperty("code", input.getCode());
        json.addProperty("number", number());
        json.add("outputs", whole);
        return json;
    }
}
