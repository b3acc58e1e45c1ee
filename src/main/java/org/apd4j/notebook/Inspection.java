package org.apd4j.notebook;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.List;
import java.util.function.BiFunction;
import jdk.jshell.SourceCodeAnalysis;
import org.apd4j.notebook.jupyter.ApdKernel;
import org.jspecify.annotations.Nullable;

/**
 * The inspection of code, JupyterLab's Shift-Tab: signatures and the library's documentation. It replaces IJava's inspection, which looks one
 * character too far to the right, so that it finds nothing at the end of a line, and knows no documentation.
 */
final class Inspection {

    private Inspection() {
    }

    /** Replaces the inspection of a kernel. */
    static void install(ApdKernel kernel) {
        SourceCodeAnalysis analysis = kernel.analysis();
        kernel.inspectWith((code, cursor) -> data(signatures(code, cursor, (part, end) -> documentation(analysis, part, end))));
    }

    private static List<String> documentation(SourceCodeAnalysis analysis, String code, int cursor) {
        return analysis.documentation(code, cursor, false).stream().map(SourceCodeAnalysis.Documentation::signature).distinct().toList();
    }

    /**
     * Returns the signatures at a position in a cell: those of the name at or before the cursor, otherwise those of the call whose arguments the
     * cursor is in.
     *
     * @param code   the cell
     * @param cursor index into the cell
     * @param jshell a function from code and an index into it to the signatures that JShell finds there
     */
    static List<String> signatures(String code, int cursor, BiFunction<String, Integer, List<String>> jshell) {
        int end = Math.min(cursor, code.length());
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        boolean inName = end > 0 && Character.isJavaIdentifierPart(code.charAt(end - 1));
        if (inName) {
            String upToName = code.substring(0, end);
            List<String> ofCall = jshell.apply(upToName + "(", end + 1); // a method or a constructor
            if (!ofCall.isEmpty() && isNamed(ofCall, upToName)) {
                return ofCall;
            }
            List<String> ofName = jshell.apply(upToName, end);
            if (!ofName.isEmpty()) {
                return ofName;
            }
        }
        return jshell.apply(code.substring(0, Math.min(cursor, code.length())), Math.min(cursor, code.length()));
    }

    /** Returns whether signatures are those of the name before the bracket, not of a call further out. */
    private static boolean isNamed(List<String> signatures, String upToName) {
        String name = upToName.substring(upToName.length() - (int) new StringBuilder(upToName).reverse().chars()
                .takeWhile(Character::isJavaIdentifierPart).count());
        return signatures.stream().map(Signature::of)
                .anyMatch(signature -> signature.method().filter(name::equals).isPresent() || signature.type().endsWith(name));
    }

    private static @Nullable DisplayData data(List<String> signatures) {
        if (signatures.isEmpty()) {
            return null;
        }
        Help help = Help.ofSignatures(signatures);
        var data = new DisplayData(help.toString());
        data.putHTML(help.html());
        return data;
    }
}
