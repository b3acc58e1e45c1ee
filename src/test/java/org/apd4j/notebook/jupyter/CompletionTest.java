package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CompletionTest {

    private static RunCells cells;
    private static Completion completion;

    @BeforeAll
    static void start() {
        cells = new RunCells();
        completion = new Completion(cells.shell());
        cells.run("import org.apd4j.decomposition.*;");
        cells.run("3 + 4");
        cells.run("int steps = 10; String title = \"t\";");
    }

    @AfterAll
    static void end() {
        cells.close();
    }

    private static ReplacementOptions at(String code) {
        return completion.options(code, code.length());
    }

    @Test
    void variablesOfTheRightTypeComeFirstAndNumberedOnesLast() {
        List<String> offered = at("int k = ").getReplacements();
        assertEquals("steps", offered.get(0));
        assertTrue(offered.get(offered.size() - 1).startsWith("$"), offered.toString());
        assertTrue(offered.indexOf("title") > 0 && offered.indexOf("title") < offered.indexOf("$1"), offered.toString());
        assertEquals("title", at("String other = ").getReplacements().get(0));
    }

    @Test
    void noCompletionIsOfferedTwice() {
        List<String> offered = at("Math.").getReplacements();
        assertEquals(new HashSet<>(offered).size(), offered.size());
    }

    @Test
    void codeAfterAnImportAMethodOrAClassIsCompletedToo() {
        for (String before : List.of("import java.util.*;\n", "int twice(int x) { return 2 * x; }\n", "class Box { int size; }\n", "int a = 1;\n")) {
            String code = before + "int r = Math.ma";
            ReplacementOptions offered = at(code);
            assertNotNull(offered, code);
            assertTrue(offered.getReplacements().contains("max("), code + " " + offered.getReplacements());
            assertEquals(code.length() - 2, offered.getSourceStart(), code);
            assertEquals(code.length(), offered.getSourceEnd(), code);
        }
    }

    @Test
    void incompleteCodeCausesNoException() {
        String code = "import java.util.*;\nvar s = \"a\\\"b\"; // c\nfor (int i = 0; i < 3; i++) { s += '\\''; }\n"
                + "Apd.decompose(null, c -> { }); int[] a = {1, 2}; }";
        for (int cursor = 0; cursor <= code.length(); cursor += 3) {
            completion.options(code.substring(0, cursor), cursor);
        }
        completion.options("abc", 99);
        completion.options("", -1);
    }
}
