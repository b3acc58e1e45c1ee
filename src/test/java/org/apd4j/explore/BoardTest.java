package org.apd4j.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.charts.Figure;
import org.apd4j.data.Digits;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.targets.GatedFunctions;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.HandMade;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardTest {

    private static final TmsConfig FIVE_TO_TWO = TmsConfig.paper5to2();

    /** The networks of the notebooks, in the sizes of the paper, with components at random initial values. */
    private static List<DecompositionSource> notebooks() {
        var digits = Digits.draw(20, 0);
        Network classifier = Network.builder(digits.features()).dense("hidden", "input", 16, RandomStream.of(0))
                .activation("relu", "hidden", Activation.RELU).dense("logits", "relu", 10, RandomStream.of(1)).softmax("digit", "logits").build();
        var target = new Target("digits", classifier, digits, Labels.CLASS);
        return List.of(Apd.decompose(Tms.untrained(FIVE_TO_TWO, 0), ApdConfig.paperTms5to2(), 0),
                Apd.decompose(Tms.untrained(TmsConfig.paper40to10(), 0), ApdConfig.paperTms40to10(), 0),
                Apd.decompose(GatedFunctions.paper(0).target(), ApdConfig.paperGatedFunctions(), 0),
                Apd.decompose(target, ApdConfig.suggest(target).config(), 0));
    }

    /** Returns what a page is given, out of the call that ends its script. */
    private static JsonNode data(Interactive output, String function) throws Exception {
        String html = output.html();
        int from = html.lastIndexOf("\n" + function + "(root, ") + function.length() + 8;
        return new ObjectMapper().readTree(html.substring(from));
    }

    @Test
    void outputsOfThePapersSizesTakeAtMost400Kilobytes() {
        for (DecompositionSource source : notebooks()) {
            Board board = Board.of(source);
            assertTrue(board.html().length() <= Interactive.LARGEST, board.title() + " takes " + board.html().length());
        }
    }

    @Test
    void anOutputNeedsNothingButItself() {
        String html = Board.of(SmallRun.GATED_FUNCTIONS.run(1)).html().replace("http://www.w3.org/2000/svg", "");
        assertFalse(html.contains("http:") || html.contains("https:") || html.contains("import ") || html.contains("<link"), "refers to something else");
        assertEquals(html.indexOf("</script>"), html.lastIndexOf("</script>"));
    }

    @Test
    void namesCannotEndTheScript() throws Exception {
        Target plain = SmallRun.TMS_FROM_COMPONENTS.target();
        var target = new Target("</script><b>\u2028\"", plain.network(), plain.data(), plain.labels());
        Board board = Board.of(Apd.decompose(target, SmallRun.TMS_FROM_COMPONENTS.config(1), 0));
        assertEquals(board.html().indexOf("</script>"), board.html().lastIndexOf("</script>"));
        assertEquals("Ablation board: </script><b>\u2028\"", data(board, "board").get("title").asText());
    }

    @Test
    void whereScriptsMayNotRunThereIsAPictureWithASentence() {
        Board board = Board.of(SmallRun.TMS_FROM_COMPONENTS.run(1));
        String before = board.html().substring(0, board.html().indexOf("<script>"));
        assertTrue(before.contains("<img ") && before.contains("alt=\"" + board.still().alternative().substring(0, 20)), before.substring(0, 300));
        assertTrue(before.contains("trust the notebook"), "no sentence");
        Figure still = board.still();
        assertEquals(List.of("target", "all components", "ticked components"), still.numbers().columnNames().subList(1, 4));
    }

    @Test
    void componentsThatMatterOnTheFirstInputAreTickedAtFirst() throws Exception {
        Target target = HandMade.tms(new double[][] {{1, 0}, {0, 1}, {-1, 0}});
        Board board = Board.of(HandMade.rows(target, 3));
        JsonNode data = data(board, "board");
        byte[] bytes = Base64.getDecoder().decode(data.get("start").asText());
        int active = -1;
        for (int i = 0; i < 3; i++) {
            active = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(4 * i) != 0 ? i : active;
        }
        assertEquals(1, data.get("ticked").size());
        assertEquals(active, data.get("ticked").get(0).asInt());
    }

    @Test
    void aNetworkThatIsTooLargeForAPageIsRefusedWithItsSize() {
        var config = ResidualMlpConfig.paperOneLayer();
        Target target = ResidualMlp.untrained(config, 0);
        var run = Apd.decompose(target, ApdConfig.paperCompressedComputation().with(c -> c.components = 2), 0);
        String message = assertThrows(IllegalArgumentException.class, () -> Board.of(run)).getMessage();
        assertTrue(message.contains("40,000") && message.contains("Explorer.of"), message);
    }

    @Test
    void componentsOfSeparateLayersAreRefused() {
        Decomposition shared = SmallRun.TMS_FROM_COMPONENTS.run(1).decomposition();
        var own = new Decomposition(shared.target(), Components.ofLayers(shared.target().network(), shared.components().factors()), shared.importance(),
                shared.provenance());
        assertThrows(IllegalStateException.class, () -> Board.of(own));
    }

    @Test
    void aPageIsTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        var run = SmallRun.GATED_FUNCTIONS.run(1);
        String expected = Board.of(run).html();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertEquals(expected, Board.of(run).html());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aPageIsSavedUnderTheNameOfAPage(@TempDir Path folder) throws Exception {
        Board board = Board.of(SmallRun.TMS_FROM_COMPONENTS.run(1));
        board.save(folder.resolve("new/board.html"));
        String page = Files.readString(folder.resolve("new/board.html"));
        assertTrue(page.startsWith("<!DOCTYPE html>") && page.contains(board.html()));
        assertThrows(IllegalArgumentException.class, () -> board.save(folder.resolve("board.png")));
        assertArrayEquals(new String[] {"board.html"}, folder.resolve("new").toFile().list());
    }
}
