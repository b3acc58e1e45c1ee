package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The outputs that a reopened page receives of cells that ran in the meantime. */
class ShownOutputsTest {

    private static final String A = "cell-a";
    private static final String B = "cell-b";

    private final ShownOutputs shown = new ShownOutputs();

    private static JsonObject page(String cell, Integer number) {
        var numbers = new JsonObject();
        if (number == null) {
            numbers.add(cell, JsonNull.INSTANCE);
        } else {
            numbers.addProperty(cell, number);
        }
        return numbers;
    }

    private static PublishDisplayData display(String id, String html) {
        var data = new DisplayData();
        data.putHTML(html);
        data.setDisplayId(id);
        return new PublishDisplayData(data);
    }

    private static PublishUpdateDisplayData update(String id, String html) {
        return new PublishUpdateDisplayData(display(id, html));
    }

    private JsonArray outputs(String cell) {
        return shown.missedBy(page(cell, null)).get(0).getAsJsonArray("outputs");
    }

    @Test
    void outputsAreThoseOfANotebooksFile() {
        shown.record(A, new PublishExecuteInput("train()", 3));
        shown.record(A, PublishStatus.BUSY);
        shown.record(A, new PublishStream(StreamType.OUT, "one\n"));
        shown.record(A, new PublishStream(StreamType.OUT, "two\n"));
        shown.record(A, new PublishStream(StreamType.ERR, "three\n"));
        shown.record(A, new PublishExecuteResult(3, new DisplayData("seven")));
        shown.record(A, new PublishError("Oops", "no", List.of("line")));
        JsonObject missed = shown.missedBy(page(A, null)).get(0);
        assertEquals(new JsonParser().parse("""
                {"cell": "cell-a", "code": "train()", "number": 3, "outputs": [
                  {"output_type": "stream", "name": "stdout", "text": "one\\ntwo\\n"},
                  {"output_type": "stream", "name": "stderr", "text": "three\\n"},
                  {"output_type": "execute_result", "data": {"text/plain": "seven"}, "metadata": {}, "execution_count": 3},
                  {"output_type": "error", "ename": "Oops", "evalue": "no", "traceback": ["line"]}]}
                """), missed);
    }

    @Test
    void displaysAreShownAsTheyWereLastUpdatedWhicheverCellUpdatesThem() {
        shown.record(A, new PublishExecuteInput("train()", 1));
        shown.record(A, display("bar", "0 %"));
        shown.record(A, update("bar", "50 %"));
        shown.record(B, new PublishExecuteInput("goOn()", 2));
        shown.record(B, update("bar", "100 %"));
        shown.record(B, update("no such display", "?"));
        assertEquals("[{\"data\":{\"text/html\":\"100 %\"},\"metadata\":{},\"output_type\":\"display_data\"}]", outputs(A).toString());
        assertEquals(0, outputs(B).size());
    }

    @Test
    void aPageMissesTheCellsThatRanAgainSinceItKnewTheirNumbers() {
        shown.record(A, new PublishExecuteInput("a", 1));
        shown.record(A, new PublishStream(StreamType.OUT, "first"));
        shown.record(A, new PublishExecuteInput("a", 2));
        shown.record(A, new PublishStream(StreamType.OUT, "second"));
        assertEquals(List.of(), shown.missedBy(page(A, 2)));
        assertEquals(List.of(), shown.missedBy(page(B, null)));
        assertEquals(List.of(), shown.missedBy(new JsonObject()));
        assertEquals("second", shown.missedBy(page(A, 1)).get(0).getAsJsonArray("outputs").get(0).getAsJsonObject().get("text").getAsString());
    }

    @Test
    void keptOutputsAreBoundedAndMarkedWhereCut() {
        String line = "x".repeat(10_000) + "\n";
        shown.record(A, new PublishExecuteInput("first", 1));
        shown.record(A, new PublishStream(StreamType.OUT, "short"));
        shown.record(B, new PublishExecuteInput("second", 2));
        for (int i = 0; i < 1_000; i++) {
            shown.record(B, new PublishStream(StreamType.OUT, line));
            shown.record(B, display("d" + i, line));
        }
        String all = outputs(B).toString();
        assertTrue(all.length() > ShownOutputs.MOST_CHARS / 2 && all.length() < ShownOutputs.MOST_CHARS * 1.1, "" + all.length());
        assertTrue(all.contains("was not kept"), "the page should be told");
        shown.record(A, new PublishExecuteInput("third", 3));
        shown.record(A, new PublishStream(StreamType.OUT, line.repeat(3)));
        assertEquals(List.of(), shown.missedBy(page(B, null)), "the cell that ran longest ago goes first");
    }
}
