package org.apd4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apd4j.apd.Apd;
import org.apd4j.charts.Figure;
import org.apd4j.charts.HeatMap;
import org.apd4j.charts.Scale;
import org.apd4j.data.Digits;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Mask;
import org.apd4j.explore.Board;
import org.apd4j.explore.Explorer;
import org.apd4j.explore.GraphExplorer;
import org.apd4j.explore.internal.HoverMap;
import org.apd4j.explore.internal.Page;
import org.apd4j.interaction.BasisKind;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.FeatureComponents;
import org.apd4j.measures.residual.LayerShares;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.measures.residual.OneFeatureResponse;
import org.apd4j.measures.residual.OneHotAblation;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.internal.Softmax;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.AdditionGraph;
import org.apd4j.testsupport.SmallRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Boards, explorers, graphs and heat maps as pages that Chromium opens from disk. */
@NeedsBrowser
class InteractivePageTest {

    private static final double EQUAL = 1e-5;
    private static final String BOX = "input[data-component='%d']";

    @TempDir(factory = DifficultName.class)
    static Path folder;
    private Browser browser;

    @BeforeEach
    void openBrowser() {
        browser = new Browser();
    }

    @AfterEach
    void closeBrowser() {
        browser.close();
    }

    private void open(String html, String name) throws Exception {
        Path file = folder.resolve(name + ".html");
        Files.writeString(file, Page.alone(name, html));
        browser.driver().get(file.toUri().toString());
        List<?> errors = (List<?>) browser.driver().executeScript("return [...document.querySelectorAll('.apd-frame')].length ? [] : ['nothing interactive']");
        assertEquals(List.of(), errors);
    }

    private List<WebElement> all(String selector) {
        return browser.driver().findElements(By.cssSelector(selector));
    }

    private WebElement one(String selector) {
        return browser.driver().findElement(By.cssSelector(selector));
    }

    /** Returns the numbers that a table shows, row by row; an empty cell is NaN. */
    private double[][] table(String name) {
        List<double[]> rows = new ArrayList<>();
        for (WebElement row : all("[data-table=" + name + "] tbody tr")) {
            rows.add(row.findElements(By.cssSelector("td")).stream().mapToDouble(cell -> number(cell.getDomProperty("textContent"))).toArray());
        }
        return rows.toArray(double[][]::new);
    }

    private static double number(String text) {
        String plain = text.replace("−", "-").replace("±", "").strip();
        return plain.isEmpty() || plain.equals("–") ? Double.NaN : Double.parseDouble(plain);
    }

    /** Returns the input that the page shows, with all its digits. */
    private Matrix input() {
        @SuppressWarnings("unchecked")
        List<String> values = (List<String>) browser.driver().executeScript(
                "return [...document.querySelectorAll('output[data-value], [role=gridcell]')].map(e => e.dataset.value)");
        Matrix x = Matrix.zeros(1, values.size());
        IntStream.range(0, values.size()).forEach(i -> x.set(0, i, Float.parseFloat(values.get(i))));
        return x;
    }

    private boolean[] ticks(int count) {
        boolean[] ticks = new boolean[count];
        for (int c = 0; c < count; c++) {
            ticks[c] = one(String.format(BOX, c)).isSelected();
        }
        return ticks;
    }

    private static Decomposition digits() {
        var digits = Digits.draw(8, 0);
        Network network = Network.builder(digits.features()).dense("hidden", "input", 16, RandomStream.of(0)).activation("relu", "hidden", Activation.RELU)
                .dense("logits", "relu", 10, RandomStream.of(1)).softmax("digit", "logits").build();
        var target = new Target("digits", network, digits, Labels.CLASS);
        return Apd.decompose(target, SmallRun.OWN_CLASSIFIER.config(30).with(c -> {
            c.hiddenReconstruction = 0;
            c.hiddenLayers = List.of();
        }), 0).train().decomposition();
    }

    private static Map<String, Decomposition> decompositions() {
        return Map.of("tms", SmallRun.TMS_FROM_COMPONENTS.run(60).train().decomposition(),
                "layer-norm-and-softmax", SmallRun.OWN_CLASSIFIER.run(30).train().decomposition(),
                "gated", SmallRun.GATED_FUNCTIONS.run(60).train().decomposition(),
                "gelu-and-biases", SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.run(30).train().decomposition(), "digits", digits());
    }

    @Test
    void theNumbersOfABoardAreThoseOfTheEvaluatorWhateverIsTickedAndSet() throws Exception {
        for (var entry : decompositions().entrySet()) {
            Decomposition found = entry.getValue();
            open(Board.of(found).html(), "board-" + entry.getKey());
            assertEqualNumbers(found, entry.getKey() + " at first");
            one(String.format(BOX, 0)).click();
            one(String.format(BOX, found.count() - 1)).click();
            assertEqualNumbers(found, entry.getKey() + ", other components");
            for (WebElement slider : all("input[type=range]")) {
                slider.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.PAGE_UP);
            }
            all(".apd-row input[type=checkbox]").forEach(WebElement::click);
            assertEqualNumbers(found, entry.getKey() + ", another input");
            button("None").click();
            assertEqualNumbers(found, entry.getKey() + ", nothing ticked");
            button("All").click();
            button("Next sample of the data").click();
            button("Next sample of the data").click();
            assertEqualNumbers(found, entry.getKey() + ", a sample");
            button("Only the most important").click();
            assertEqualNumbers(found, entry.getKey() + ", one component");
            for (boolean dark : new boolean[] {false, true}) {
                browser.preferDark(dark);
                browser.screenshot("board-" + entry.getKey() + (dark ? "-dark" : "-light"));
            }
        }
    }

    private WebElement button(String text) {
        return all("button").stream().filter(button -> button.getText().equals(text)).findFirst().orElseThrow();
    }

    private void assertEqualNumbers(Decomposition found, String when) {
        Evaluator evaluator = found.evaluator();
        SparseRows x = SparseRows.of(input());
        boolean[] ticks = ticks(found.count());
        Matrix target = evaluator.target(x);
        Matrix all = evaluator.allComponents(x);
        Matrix kept = evaluator.masked(x, Mask.of(new boolean[][] {ticks}, found.count()));
        boolean isClassifier = found.target().isClassifier();
        double[][] outputs = table("outputs");
        assertEquals(target.columns(), outputs.length, when);
        List<Matrix> shown = isClassifier ? List.of(Softmax.probabilities(target), Softmax.probabilities(all), Softmax.probabilities(kept))
                : List.of(target, all, kept);
        for (int o = 0; o < outputs.length; o++) {
            for (int i = 0; i < 3; i++) {
                assertEquals(shown.get(i).get(0, o), outputs[o][i], EQUAL, when + ": output " + o + " of column " + i);
            }
        }
        double[][] losses = table("losses");
        assertEquals(error(isClassifier, target, all), losses[1][0], EQUAL, when);
        assertEquals(error(isClassifier, target, kept), losses[2][0], EQUAL, when);
        Matrix importances = evaluator.attributions(AttributionKind.ABLATION, x);
        double[] effects = all("fieldset tbody tr td:last-child").stream().mapToDouble(cell -> number(cell.getText())).toArray();
        for (int c = 0; c < effects.length; c++) {
            assertEquals(importances.get(0, c), effects[c], EQUAL, when + ": importance of component " + c);
        }
        assertEquals(faithfulness(found, new boolean[] {}, true), losses[1][losses[1].length - 1], EQUAL, when);
        assertEquals(faithfulness(found, ticks, false), losses[2][losses[2].length - 1], EQUAL, when);
    }

    private static double error(boolean isClassifier, Matrix target, Matrix output) {
        if (!isClassifier) {
            return target.squaredDistance(output) / target.size();
        }
        Matrix p = Softmax.probabilities(target);
        Matrix q = Softmax.probabilities(output);
        return IntStream.range(0, p.columns()).mapToDouble(o -> p.get(0, o) * Math.log((double) p.get(0, o) / q.get(0, o))).sum();
    }

    /** The formula of the method: every layer counts, also one that uses the parameter of another. */
    private static double faithfulness(Decomposition found, boolean[] ticks, boolean all) {
        double sum = 0;
        long entries = 0;
        for (var factors : found.components().factors()) {
            Matrix rest = found.target().network().parameter(factors.parameter()).values().copy();
            for (int c = 0; c < factors.components(); c++) {
                if (all || ticks[c]) {
                    Matrix own = found.components().component(factors.parameter(), c);
                    for (int i = 0; i < rest.rows(); i++) {
                        for (int j = 0; j < rest.columns(); j++) {
                            rest.set(i, j, rest.get(i, j) - own.get(i, j));
                        }
                    }
                }
            }
            int uses = found.components().uses(factors);
            sum += uses * rest.squaredDistance(Matrix.zeros(rest.rows(), rest.columns()));
            entries += (long) uses * rest.size();
        }
        return sum / entries;
    }

    @Test
    void theMeanLossesOfABoardAreThoseOfTheSamplesOfTheData() throws Exception {
        Decomposition found = SmallRun.TMS_FROM_COMPONENTS.run(60).train().decomposition();
        open(Board.of(found).html(), "losses");
        one(String.format(BOX, 1)).click();
        SparseRows x = found.target().data().sample(0, 256);
        boolean[] ticks = ticks(found.count());
        boolean[][] same = IntStream.range(0, 256).mapToObj(row -> ticks).toArray(boolean[][]::new);
        Matrix target = found.evaluator().target(x);
        Matrix all = found.evaluator().allComponents(x);
        Matrix kept = found.evaluator().masked(x, Mask.of(same, found.count()));
        double[][] losses = table("losses");
        assertEquals(target.squaredDistance(all) / target.size(), losses[1][1], EQUAL);
        assertEquals(target.squaredDistance(kept) / target.size(), losses[2][1], EQUAL);
        Matrix labels = found.target().labels().of(x);
        assertEquals(labels.squaredDistance(target) / target.size(), losses[0][2], EQUAL);
        assertEquals(labels.squaredDistance(all) / target.size(), losses[1][2], EQUAL);
        assertEquals(labels.squaredDistance(kept) / target.size(), losses[2][2], EQUAL);
    }

    @Test
    void aBoardCanBeUsedWithTheKeyboardAloneAndSaysWhatChanged() throws Exception {
        Decomposition found = SmallRun.TMS_FROM_COMPONENTS.run(60).train().decomposition();
        open(Board.of(found).html(), "keyboard");
        boolean[] before = ticks(found.count());
        tabTo("input[type=range]");
        focused().sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        tabTo("input[data-component='2']");
        focused().sendKeys(Keys.SPACE);
        assertEquals(!before[2], ticks(found.count())[2]);
        assertEqualNumbers(found, "after keys");
        WebElement live = one("[role=status]");
        new WebDriverWait(browser.driver(), Duration.ofSeconds(20)).until(driver -> live.getDomProperty("textContent").contains("ticked"));
        assertEquals("polite", live.getDomAttribute("aria-live"));
        for (WebElement control : all("input, select, button")) {
            assertFalse(control.getAccessibleName().isBlank(), "a control has no name: " + control.getDomProperty("outerHTML"));
        }
    }

    private WebElement focused() {
        return browser.driver().switchTo().activeElement();
    }

    private void tabTo(String selector) {
        for (int i = 0; i < 200; i++) {
            new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
            if (Boolean.TRUE.equals(browser.driver().executeScript("return document.activeElement.matches(arguments[0])", selector))) {
                return;
            }
        }
        throw new AssertionError(selector + " is not reached by the tab key");
    }

    @Test
    void aDigitIsDrawnWithThePointerOrWithKeys() throws Exception {
        Decomposition found = digits();
        open(Board.of(found).html(), "draw");
        button("All 0").click();
        WebElement pad = one("[role=grid]");
        new Actions(browser.driver()).moveToElement(pad, -60, -60).clickAndHold().moveByOffset(0, 60).moveByOffset(30, 60).release().perform();
        Matrix drawn = input();
        assertTrue(IntStream.range(0, 64).filter(i -> drawn.get(0, i) > 0.5).count() >= 3, "too little ink");
        assertEqualNumbers(found, "drawn");
        button("All 0").click();
        tabTo("[role=gridcell]");
        focused().sendKeys(Keys.ARROW_RIGHT);
        focused().sendKeys(Keys.ARROW_DOWN);
        focused().sendKeys(Keys.SPACE);
        assertEquals(1, input().get(0, 9));
        assertEquals("row 2, column 2: 1.00", focused().getDomAttribute("aria-label"));
        assertEqualNumbers(found, "drawn with keys");
    }

    /** A decomposition of a residual MLP with two layers and natural data, whose components represent features. */
    private static Decomposition mlp() {
        Target target = ResidualMlp.of(new ResidualMlpConfig(12, 16, 6, 2, Activation.RELU, false, false, 0.1,
                ResidualMlpConfig.paperOneLayer().training()), 3).train(300).trained();
        return Apd.decompose(target, SmallRun.RESIDUAL_MLP_WITH_UNIT_NORM.config(400).with(c -> c.batch = 128), 0).train().decomposition();
    }

    @Test
    void theNumbersOfAnExplorerAreThoseOfTheMeasures() throws Exception {
        Decomposition found = mlp();
        open(Explorer.of(found, 5, 20).html(), "explorer");
        NeuronContributions contributions = NeuronContributions.of(found);
        LayerShares shares = LayerShares.of(contributions);
        FeatureComponents used = FeatureComponents.of(found);
        for (int feature : new int[] {0, 5, 11}) {
            new Select(one("[data-choice=feature]")).selectByValue(Integer.toString(feature));
            int own = contributions.predominant(feature);
            assertEquals(Integer.toString(own), one("[data-choice=component]").getDomProperty("value"));
            OneFeatureResponse response = OneFeatureResponse.of(found.target(), feature, 2);
            double[][] shown = table("response");
            Evaluator evaluator = found.evaluator();
            SparseRows x = ends(12, feature);
            Matrix all = evaluator.allComponents(x);
            Matrix alone = evaluator.masked(x, mask(found.count(), c -> c == own));
            Matrix without = evaluator.masked(x, mask(found.count(), c -> c != own));
            for (int end = 0; end < 2; end++) {
                assertEquals(response.expected().get(end), shown[0][end], EQUAL);
                assertEquals(response.response().get(end), shown[1][end], EQUAL);
                assertEquals(all.get(end, feature), shown[2][end], EQUAL);
                assertEquals(alone.get(end, feature), shown[3][end], EQUAL);
                assertEquals(without.get(end, feature), shown[4][end], EQUAL);
            }
            var scrub = OneHotAblation.of(found, feature, 5, 20);
            var output = scrub.outputs().get(feature);
            assertEquals(used.componentOf(feature), scrub.component());
            double[][] scrubs = table("scrub");
            assertEquals(output.target(), scrubs[0][0], EQUAL);
            assertEquals(output.scrubbedMean(), scrubs[1][0], EQUAL);
            assertEquals(output.scrubbedDeviation(), scrubs[1][1], EQUAL);
            assertEquals(output.antiScrubbedMean(), scrubs[2][0], EQUAL);
            assertEquals(output.antiScrubbedDeviation(), scrubs[2][1], EQUAL);
            double[][] layers = table("shares");
            for (int layer = 0; layer < 2; layer++) {
                assertEquals(shares.ofTarget(feature, layer), layers[layer][0], EQUAL);
                assertEquals(shares.ofComponent(feature, layer), layers[layer][1], EQUAL);
            }
            List<Integer> neurons = contributions.largestNeurons(feature, 5);
            double[][] largest = table("neurons");
            for (int i = 0; i < 5; i++) {
                assertEquals(contributions.target().get(feature, neurons.get(i)), largest[i][0], EQUAL);
                assertEquals(contributions.components().get(own).get(feature, neurons.get(i)), largest[i][1], EQUAL);
            }
        }
        for (boolean dark : new boolean[] {false, true}) {
            browser.preferDark(dark);
            browser.screenshot("explorer" + (dark ? "-dark" : "-light"));
        }
    }

    private static SparseRows ends(int features, int feature) {
        SparseRows x = new SparseRows(features);
        for (float value : new float[] {-1, 1}) {
            x.add(feature, value);
            x.endRow();
        }
        return x;
    }

    private static Mask mask(int count, IntPredicate kept) {
        boolean[] row = new boolean[count];
        IntStream.range(0, count).forEach(c -> row[c] = kept.test(c));
        return Mask.of(new boolean[][] {row, row}, count);
    }

    @Test
    void aCellOfTheMapASisterAndAFeatureLeadToTheirComponent() throws Exception {
        Decomposition found = mlp();
        open(Explorer.of(found, 0, 2).html(), "links");
        WebElement map = one("[role=application]");
        new Actions(browser.driver()).moveToElement(map, -map.getSize().width / 2 + 3, -map.getSize().height / 2 + 3).perform();
        String tip = one(".apd-tip").getText();
        assertTrue(tip.matches("component \\d+, feature 0\\nlargest contribution: .*"), tip);
        new Actions(browser.driver()).click().perform();
        assertEquals(tip.replaceAll("component (\\d+),.*\\n.*", "$1"), one("[data-choice=component]").getDomProperty("value"));
        assertEquals("0", one("[data-choice=feature]").getDomProperty("value"));
        double expected = NeuronContributions.of(found).largest(Integer.parseInt(one("[data-choice=component]").getDomProperty("value")), 0);
        assertEquals(expected, number(tip.replaceAll("(?s).*: ", "")), EQUAL);

        tabTo("[role=application]");
        focused().sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER);
        assertEquals("2", one("[data-choice=feature]").getDomProperty("value"));

        WebElement sister = all("[data-list=sisters] button").get(0);
        String name = sister.getText();
        sister.click();
        assertEquals(name.replaceAll("component (\\d+):.*", "$1"), one("[data-choice=component]").getDomProperty("value"));
        WebElement feature = all("[data-list=features] button").get(0);
        String number = feature.getText().replaceAll(":.*", "");
        feature.click();
        assertEquals(number, one("[data-choice=feature]").getDomProperty("value"));
    }

    private String openGraph(AdditionGraph found, String name) throws Exception {
        open(GraphExplorer.of(found.basis(), found.graph(), found.modules(), found.labels(), 12).html(), name);
        return one("[data-node]").getDomAttribute("data-node");
    }

    private static double relative(double expected) {
        return EQUAL * Math.abs(expected);
    }

    @Test
    void theNumbersOfAGraphAreThoseOfTheBasis() throws Exception {
        AdditionGraph found = AdditionGraph.of(BasisKind.JACOBIAN);
        openGraph(found, "graph");
        Map<String, List<InteractionModules.Node>> columns = found.modules().columns(found.graph(), 12);
        List<InteractionModules.Node> nodes = columns.values().stream().flatMap(List::stream).toList();
        assertEquals(nodes.stream().map(InteractionModules.Node::toString).toList(), all("[data-node]").stream().map(node -> node.getDomAttribute("data-node")).toList());
        for (InteractionModules.Node node : nodes) {
            browser.driver().executeScript("arguments[0].dispatchEvent(new FocusEvent('focus'))", one("[data-node='" + node + "']"));
            assertEquals(node.toString(), one("[data-shown]").getDomAttribute("data-shown"));
            double effect = found.basis().layer(node.layer()).effects().get(node.index());
            assertEquals(effect, number(one("[data-shown] [data-value]").getText()), relative(effect));
            String text = one("[data-shown]").getText();
            assertTrue(text.contains(found.labels().get(node.layer()).get(node.index()).toString().replace("|", ", ")), text);
            for (boolean in : new boolean[] {true, false}) {
                List<double[]> edges = new ArrayList<>();
                List<String> names = new ArrayList<>();
                for (InteractionGraph.Edges section : found.graph().sections()) {
                    for (InteractionModules.Node other : nodes) {
                        boolean joins = section.from().equals((in ? other : node).layer()) && section.to().equals((in ? node : other).layer());
                        if (joins) {
                            names.add(other.toString());
                            edges.add(new double[] {section.strength().get((in ? node : other).index(), (in ? other : node).index()), names.size() - 1});
                        }
                    }
                }
                edges.sort((one, other) -> Double.compare(other[0], one[0]));
                String table = in ? "in" : "out";
                double[] shown = all("[data-table=" + table + "] td[data-value]").stream().mapToDouble(cell -> number(cell.getText())).toArray();
                assertEquals(Math.min(5, edges.size()), shown.length, node + " " + table);
                List<WebElement> ends = all("[data-table=" + table + "] tbody button");
                for (int i = 0; i < shown.length; i++) {
                    assertEquals(edges.get(i)[0], shown[i], relative(edges.get(i)[0]), node + " " + table);
                    assertEquals(names.get((int) edges.get(i)[1]), ends.get(i).getText());
                }
            }
        }
        for (boolean dark : new boolean[] {false, true}) {
            browser.preferDark(dark);
            browser.screenshot("graph" + (dark ? "-dark" : "-light"));
        }
    }

    @Test
    void theSliderOfAGraphLeavesOutEdgesBelowItsPartOfTheStrongest() throws Exception {
        AdditionGraph found = AdditionGraph.of(BasisKind.JACOBIAN);
        openGraph(found, "graph-slider");
        Map<String, List<InteractionModules.Node>> columns = found.modules().columns(found.graph(), 12);
        WebElement slider = one("input[type=range]");
        for (double exponent : new double[] {-2, -1.5, -0.5, 0, -4}) {
            browser.driver().executeScript("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))", slider, exponent);
            int expected = 0;
            for (InteractionGraph.Edges section : found.graph().sections()) {
                double[] strength = columns.getOrDefault(section.to(), List.of()).stream().flatMapToDouble(to -> columns.get(section.from()).stream()
                        .mapToDouble(from -> section.strength().get(to.index(), from.index()))).toArray();
                double largest = Arrays.stream(strength).max().orElse(0);
                expected += (int) Arrays.stream(strength).filter(value -> value >= Math.pow(10, exponent) * largest).count();
            }
            assertEquals(expected, Integer.parseInt(one("output").getDomAttribute("data-count")), "from 1e" + exponent);
            assertEquals((long) expected, browser.driver().executeScript("return [...document.querySelectorAll('.apd-graph path')].filter(e => e.style.display === '').length"));
        }
        assertEquals("0.01 %", slider.getDomAttribute("aria-valuetext"));
    }

    @Test
    void aGraphAnswersToPointerAndKeyboardAndSaysWhatItShows() throws Exception {
        AdditionGraph found = AdditionGraph.of(BasisKind.JACOBIAN);
        String first = openGraph(found, "graph-keys");
        WebElement second = all("[data-node]").get(1);
        new Actions(browser.driver()).moveToElement(second).perform();
        assertEquals(second.getDomAttribute("data-node"), one("[data-shown]").getDomAttribute("data-shown"));
        assertTrue(one(".apd-tip").getText().contains("effect Λ: "), one(".apd-tip").getText());
        assertTrue(all(".apd-graph path.apd-on").size() <= 10 && !all(".apd-graph path.apd-on").isEmpty(), "its edges are not marked");
        new Actions(browser.driver()).moveToElement(one("h3")).perform();
        assertEquals(0, all(".apd-graph path.apd-on").size(), "the mark stays");

        tabTo("[data-node]");
        assertEquals(first, focused().getDomAttribute("data-node"));
        focused().sendKeys(Keys.ARROW_DOWN);
        assertEquals(second.getDomAttribute("data-node"), focused().getDomAttribute("data-node"));
        focused().sendKeys(Keys.ARROW_RIGHT);
        String inNext = focused().getDomAttribute("data-node");
        assertTrue(inNext.startsWith("ln2.0."), inNext);
        focused().sendKeys(Keys.ENTER);
        assertEquals("true", focused().getDomAttribute("aria-pressed"));
        WebElement live = one("[role=status]");
        new WebDriverWait(browser.driver(), Duration.ofSeconds(20)).until(driver -> live.getDomProperty("textContent").contains("Strongest edges from ln1.0."));
        // the held node stays while the pointer is elsewhere, and its edges lead on
        new Actions(browser.driver()).moveToElement(second).moveToElement(one("h3")).perform();
        assertEquals(inNext, one("[data-shown]").getDomAttribute("data-shown"));
        WebElement end = all("[data-table=out] tbody button").get(0);
        String name = end.getText();
        end.click();
        assertEquals(name, focused().getDomAttribute("data-node"));
        assertEquals(name, one("[data-shown]").getDomAttribute("data-shown"));
        focused().sendKeys(Keys.ESCAPE);
        assertEquals(0, all("[data-node][aria-pressed=true]").size());
        for (WebElement control : all("input, button, [role=button]")) {
            assertFalse(control.getAccessibleName().isBlank(), "a control has no name: " + control.getDomProperty("outerHTML"));
        }
    }

    @Test
    void aHeatMapShowsTheValueOfACellToPointerAndKeys() throws Exception {
        double[][] values = {{0.123456, -2}, {3.5e-7, Double.NaN}, {1, 2}};
        Figure map = HeatMap.of("Map", "row", List.of("a", "b", "c"), "column", List.of("x", "y"), "value", Scale.LINEAR, values).withNote("a note");
        Figure grid = Figure.grid("Two", 2, List.of(map, map.withTitle("Another, with a title that is so long that it must be broken into several lines "
                + "above the map")));
        open(HoverMap.html(grid), "heat-map");
        List<WebElement> areas = all("[role=application]");
        assertEquals(2, areas.size());
        for (WebElement area : areas) {
            int width = area.getSize().width;
            int height = area.getSize().height;
            new Actions(browser.driver()).moveToElement(area, -width / 4, -height / 3).perform();
            assertEquals("row a, column x\nvalue: 0.123456", one(".apd-tip").getText());
            new Actions(browser.driver()).moveToElement(area, -width / 4, 0).perform();
            assertEquals("row b, column x\nvalue: 3.50000e−7", one(".apd-tip").getText());
            browser.screenshot("heat-map-" + areas.indexOf(area));
        }
        tabTo("[role=application]");
        focused().sendKeys(Keys.ARROW_UP, Keys.ARROW_LEFT, Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        assertEquals("row b, column y\nvalue: –", one(".apd-tip").getText());
        focused().sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertEquals("row c, column y\nvalue: 2", one(".apd-tip").getText());
    }

    @Test
    void withoutScriptsThePictureAndTheSentenceRemain() throws Exception {
        browser.runScripts(false);
        Path file = folder.resolve("still.html");
        Board.of(SmallRun.TMS_FROM_COMPONENTS.run(1)).save(file);
        browser.driver().get(file.toUri().toString());
        assertTrue(one("[data-apd4j] img").isDisplayed());
        assertTrue(one("[data-apd4j]").getText().contains("still picture"), one("[data-apd4j]").getText());
        assertEquals(0, all(".apd-frame").size());
    }

    @Test
    void severalOutputsOnOnePageDoNotDisturbOneAnother() throws Exception {
        Decomposition one = SmallRun.TMS_FROM_COMPONENTS.run(20).train().decomposition();
        String html = Board.of(one).html() + Board.of(one).html() + Explorer.of(mlp(), 0, 2).html();
        open(html, "several");
        assertEquals(3, all(".apd-frame").size());
        List<WebElement> boxes = all(String.format(BOX, 0));
        boolean first = boxes.get(0).isSelected();
        boxes.get(1).click();
        assertEquals(first, boxes.get(0).isSelected());
    }
}
