package org.apd4j.notebook.jupyter;

import java.util.List;
import java.util.Optional;

/** Marks of positions in cells: the line with its number, and carets below the marked part. */
final class Mark {

    private Mark() {
    }

    /**
     * Adds the line of a snippet in which a range begins, with carets below the range.
     *
     * @param source the source of the snippet
     * @param start  the beginning of the range in the source
     * @param end    its end, exclusive
     * @param cells  the cells that have run
     * @param to     receives the lines
     */
    static void write(String source, int start, int end, CellTexts cells, List<String> to) {
        Optional<CellTexts.Position> place = cells.find(source, start);
        String text = place.map(CellTexts.Position::cell).orElse(source);
        int from = place.map(CellTexts.Position::offset).orElse(Math.max(0, Math.min(start, source.length())));
        String before = place.map(found -> found.name() + ":  ").orElse("    ");
        String[] lines = CodeLine.marked(text, from, from + Math.max(0, end - start), before).split("\n", 2);
        int carets = lines[1].indexOf('^');
        to.add(Style.place(before) + lines[0].substring(before.length()));
        to.add(lines[1].substring(0, carets) + Style.error(lines[1].substring(carets)));
    }
}
