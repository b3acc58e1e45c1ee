package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The messages for common mistakes in cells. The compiler's own messages differ between JDKs and are not checked. */
class ErrorTextTest {

    private static RunCells cells;

    @BeforeAll
    static void start() {
        cells = new RunCells();
        cells.run("import java.util.*;\nimport org.apd4j.apd.*;\nimport org.apd4j.decomposition.*;\nimport org.apd4j.targets.*;");
        cells.run("var target = Tms.of(TmsConfig.paper5to2(), 0);\nvar config = ApdConfig.paperTms5to2();\nint myCount = 3;\nString nothing = null;");
        cells.run("int lengthOf(String text) {\n    int more = 1;\n    return text.length() + more;\n}");
    }

    @AfterAll
    static void end() {
        cells.close();
    }

    private static void assertShows(String code, String... parts) {
        String shown = cells.failure(code);
        for (String part : parts) {
            assertTrue(shown.contains(part), "'" + part + "' is not in:\n" + shown);
        }
        assertTrue(shown.lines().count() <= 20, shown);
    }

    @Test
    void aMisspeltMethodShowsItsPlaceAndTheNearestName() {
        assertShows("int a = 1;\nvar apd = Apd.decompos(target, config);", "line 2:  var apd = Apd.decompos(target, config);\n"
                + " ".repeat("line 2:  var apd = Apd.".length()) + "^^^^^^^^\n", "\nCompilationException: cannot find method decompos",
                "Did you mean `decompose`?");
        assertShows("target.trian(3)", "Did you mean `train`?");
        assertShows("lenghtOf(\"a\")", "Did you mean `lengthOf`?");
    }

    @Test
    void aMisspeltVariableOrTypeShowsTheNearestName() {
        assertShows("int a = myCuont + 1;", "line 1:  int a = myCuont + 1;\n", "Did you mean `myCount`?");
        assertShows("ApdCnfig other = null;", "Did you mean `ApdConfig`?");
        assertShows("math.max(1, 2)", "Did you mean `Math`?");
    }

    @Test
    void anUndeclaredVariableIsExplained() {
        assertShows("undeclared = 5;", "cannot find variable undeclared. Declare it, e.g. `var undeclared = …;`, or run the cell that does.");
        assertShows("lst.add(3)", "cannot find variable lst. Declare it");
    }

    @Test
    void aMissingSemicolonIsMarkedWhereItBelongs() {
        assertShows("int a = 3\nint b = 4;", "line 1:  int a = 3\n" + " ".repeat("line 1:  int a = 3".length()) + "^\n", "a ';' is missing here.");
        assertShows("for (int i = 0; i < 3; i++) {\n    int z = 1\n    System.out.println(i);\n}",
                "line 2:      int z = 1\n", "a ';' is missing here.");
    }

    @Test
    void aWrongTypeIsMarkedWithTheConversion() {
        assertShows("int s = \"no\";", "line 1:  int s = \"no\";\n" + " ".repeat("line 1:  int s = ".length()) + "^^^^", "String");
        assertShows("int w = 1.5;", "Declare it as double, or round");
        assertShows("if (myCount = 3) { }", "To compare two values, write `==`.");
        assertShows("String t = 'abc';", "text in double quotes");
    }

    @Test
    void nullNamesTheVariableAndTheCellToRun() {
        assertShows("int k = 1;\nnothing.length()", "line 2:  nothing.length()", "\nNullPointerException: ", "because \"nothing\" is null",
                "Run the cell that assigns 'nothing'.");
    }

    @Test
    void aStackTraceShowsTheCellsOwnLinesAlsoThoseOfCellsAbove() {
        assertShows("// begins with a remark\n\nlengthOf(null);",
                "line 3:  lengthOf(null);\n[3] line 3, in lengthOf:  return text.length() + more;\n",
                "because \"text\" is null");
    }

    @Test
    void aDeclarationThatReplacesOneShowsItsOwnLine() {
        cells.error("int again = 2.0 * 3;");
        assertShows("Object none = null;\nObject again = none.toString();", "line 2:  Object again = none.toString();\n");
    }

    @Test
    void aMissingSemicolonAfterTheLastStatementIsMarked() {
        assertShows("int a = 1;\nthrow new RuntimeException(\"boom\")", "line 2:  throw new RuntimeException(\"boom\")\n", "RuntimeException: boom");
    }

    @Test
    void callsWithinTheLibraryAreFolded() {
        String shown = cells.failure("Apd.decompose(target, config.with(c -> c.rank = 0));");
        assertTrue(shown.matches("(?s)line 1:  Apd\\.decompose\\(target, config\\.with\\(c -> c\\.rank = 0\\)\\);\n"
                + "    ApdConfig\\.with, ApdConfig\\.java:\\d+\n"
                + "    … \\d+ calls inside the library\n\nIllegalArgumentException: ApdConfig\\.rank is 0; .*"), shown);
    }

    @Test
    void invalidSettingsAreRefusedWithTheAllowedRange() {
        assertShows("Apd.decompose(target, config.with(c -> c.components = 0));", "IllegalArgumentException: ApdConfig.components is 0; it must be");
    }

    @Test
    void aRunThatIsAlreadyTrainingIsExplained() {
        assertShows("""
                var run = Apd.decompose(target.train(), config);
                var other = new Thread(run::train);
                other.start();
                while (!run.isTraining()) { Thread.sleep(1); }
                try {
                    run.train();
                } finally {
                    run.stop();
                    other.join();
                }""", "line 6:  run.train();\n", "IllegalStateException: ", "already");
    }

    @Test
    void unclosedBracketsAreFound() {
        assertShows("int a = 2;\nMath.max(1,", "line 2:  Math.max(1,\n" + " ".repeat("line 2:  Math.max".length()) + "^\n",
                "IncompleteSourceException: the cell ends before this '(' is closed with a ')'.");
    }

    @Test
    void aReturnInACellIsExplained() {
        assertShows("int a = 1;\nreturn 3;",
                "line 2:  return 3;\n", "a cell is not a method and cannot return a value. To show a value, end the cell with it: `3`.");
    }

    @Test
    void endlessRecursionIsAFewLinesAndACount() {
        String shown = cells.failure("int down(int n) {\n    return down(n + 1);\n}\ndown(0)");
        assertTrue(shown.contains("line 2, in down:  return down(n + 1);"), shown);
        assertTrue(shown.matches("(?s).*… 1,02\\d more calls of these lines\n.*"), shown); // of 1,024, whatever the last of them called
        assertTrue(shown.contains("\nStackOverflowError: calls are nested too deeply") && shown.lines().count() <= 8, shown);
        assertFalse(shown.contains("StopCheck"), shown);
    }

    @Test
    void tooLittleMemoryIsReportedWithTheVariableThatSetsIt() {
        assertShows("throw new OutOfMemoryError(\"Java heap space\");", "OutOfMemoryError: Java heap space. The kernel's heap is ", "APD_HEAP=");
        assertTrue(Hint.outOfMemory(4096L << 20).contains("4,096 MB") && Hint.outOfMemory(4096L << 20).contains("APD_HEAP=8g"));
    }

    @Test
    void aMethodThatUsesAMissingNameNamesIt() {
        assertShows("int later() {\n    return missingThing;\n}\nlater()",
                "UnresolvedReferenceException: 'later' uses variable missingThing, which is not declared.");
    }

    @Test
    void everyCauseIsShownInOneLine() {
        assertShows("throw new IllegalStateException(\"outer\", new java.io.IOException(\"inner\"));", "\ncaused by IOException: inner",
                "\nIllegalStateException: outer");
    }

    @Test
    void theLastLineIsTheNameAndTheMessage() {
        Failure failure = cells.error("throw new IllegalStateException(\"one\\ntwo\");");
        assertEquals("IllegalStateException", failure.name());
        assertEquals("one two", failure.message());
        assertEquals("IllegalStateException: one two", Style.plain(failure.lines().get(failure.lines().size() - 1)));
        Failure silent = cells.error("throw new RuntimeException();");
        assertEquals("RuntimeException", Style.plain(silent.lines().get(silent.lines().size() - 1)));
    }

    @Test
    void coloursAreReadableOnTheBackgroundOfEveryTheme() {
        for (String line : cells.error("nothing.length()").lines()) {
            assertFalse(line.matches(".*\u001b\\[(?:[0-9]+;)*(?:30|37|4\\d|90|97)m.*"), line);
        }
    }

    @Test
    void ofManyErrorsThreeAreShownWithACount() {
        assertShows("{\n    first1();\n    second2();\n    third3();\n    fourth4();\n    fifth5();\n}", "first1", "second2", "third3", "and 2 more");
    }
}
