package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.apd.Apd;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.training.LossHistory;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;

class HelpTest {

    private static void assertSays(Object about, String... words) {
        String text = Help.of(about).toString();
        for (String word : words) {
            assertTrue(text.contains(word), "'" + word + "' is not in:\n" + text);
        }
    }

    @Test
    void aTypeShowsItsDocumentationItsExampleAndItsMethods() {
        assertSays(Apd.class, "class Apd org.apd4j.apd\nAttribution-based Parameter Decomposition (Braun et al. 2025",
                "var apd = Apd.decompose(target, ApdConfig.paperTms5to2());\napd.train();", "Methods",
                "static DecompositionRun<ApdConfig> decompose(TargetRun target, ApdConfig config)\n"
                        + "Returns a new run that decomposes a trained target, with the target's seed");
        assertSays(DecompositionRun.class, "And the methods of Run");
    }

    @Test
    void aMethodShowsAllItsFormsWithParametersAndExceptions() {
        assertSays("Apd.decompose", "decompose(Target target, ApdConfig config, long seed)",
                "Returns a new run that decomposes any target: one of the paper's");
        assertSays("Run.every", "R every(int steps, Consumer<? super R> callback)", "steps  the number of steps between two calls, at least 1",
                "throws IllegalArgumentException  if steps is less than 1");
    }

    @Test
    void aMethodThatIsInheritedShowsWhereItIsDocumented() {
        assertEquals(Help.of("Run.train").toString(), Help.of("DecompositionRun.train").toString());
    }

    @Test
    void formulasAndConstantsAreShown() {
        assertSays(Schedule.Shape.class, "enum Shape", "Values\nCONSTANT\n1.\nLINEAR\n1 − t/T.");
        assertSays("Schedule.Shape.COSINE", "cos(π/2 · t/(T − 1)); 1 when T is 1.");
        assertSays("Schedule", "floor(warmup · steps) steps");
        assertSays(LossHistory.class, "at no more than 2000 steps");
    }

    @Test
    void namesAreFoundInEveryFormInWhichTheyAreWritten() {
        String expected = Help.of("Apd.decompose").toString();
        for (String name : List.of("org.apd4j.apd.Apd.decompose", "Apd#decompose", " Apd.decompose(target, config) ")) {
            assertEquals(expected, Help.of(name).toString());
        }
        assertSays("Scrubbing.Kind", "enum Kind");
    }

    @Test
    void anObjectShowsItsType() {
        assertEquals(Help.of("TargetRun").toString(), Help.of(Tms.of(TmsConfig.paper5to2(), 0)).toString());
    }

    @Test
    void unknownNameIsReportedWithSimilarNames() {
        assertEquals("The library has nothing named 'Scrub'. Similar names: Scrubbing, Scrubbing.Kind.", Help.of("Scrub").toString());
        assertEquals("The library has nothing named 'Apd.compose'. Similar names: Apd.METHOD, Apd.decompose, Apd.load.",
                Help.of("Apd.compose").toString());
        assertSays(Integer.class, "java.lang.Integer is not a type of this library");
    }

    @Test
    void helpShowsItselfAsHtmlAndText() {
        Renderer renderer = new Renderer();
        Notebook.prepare(renderer);
        var data = renderer.render(Help.of(Apd.class));
        String html = (String) data.getData(MIMEType.TEXT_HTML);
        assertTrue(html.contains("var(--jp-ui-font-color1") && html.contains("<pre style="), html);
        assertFalse(html.contains("{@"), html);
        assertEquals(Help.of(Apd.class).toString(), data.getData(MIMEType.TEXT_PLAIN));
    }

    @Test
    void signaturesOfJShellLeadToTheDocumentation() {
        for (String signature : List.of("DecompositionRun<ApdConfig> Apd.decompose(TargetRun target, ApdConfig config)",
                "R Run<R extends Run<R>>.train(int count)",
                "TmsConfig org.apd4j.targets.TmsConfig.paper5to2()", "run:org.apd4j.targets.TargetRun", "org.apd4j.apd.Apd", "LiveFigure()")) {
            assertEquals(1, Signature.of(signature).find(Help.types()).size(), signature);
        }
        assertEquals("int Math.max(int a, int b)", Help.ofSignatures(List.of("int Math.max(int a, int b)")).toString());
    }

    @Test
    void inspectionIsOfTheNameAtTheCursorOrOfTheCallAroundIt() {
        List<String> asked = new ArrayList<>();
        Inspection.signatures("Apd.decompose(run, 3)", 6, (code, cursor) -> {
            asked.add(code.substring(0, cursor));
            return List.of();
        });
        assertEquals(List.of("Apd.decompose(", "Apd.decompose", "Apd.de"), asked);
        asked.clear();
        Inspection.signatures("Apd.decompose(run, ", 99, (code, cursor) -> {
            asked.add(code.substring(0, cursor));
            return List.of("DecompositionRun<ApdConfig> Apd.decompose(TargetRun target)");
        });
        assertEquals(List.of("Apd.decompose(run, "), asked);
    }
}
