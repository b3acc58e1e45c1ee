package org.apd4j.notebook.jupyter;

import java.util.List;
import java.util.Optional;

/** Shows a place in a cell: its line with its number, and carets below what is meant. */
final class Mark {

    private Mark() {
    }

    /**
     * Adds the line of a snippet that a range begins in.
     *
     * @param source the snippet's source
     * @param start  where the range begins in the source
     * @param end    where it ends
     */
    static void write(String source, int start, int end, CellTexts cells, List<String> to) {
        Optional<CellTexts.DisplaySlot> place = cells.find(source, start);
        String text = place.map(CellTexts.DisplaySlot::cell).orElse(source);
        int from = place.map(CellTexts.DisplaySlot::offset).orElse(Math.max(0, Math.min(start, source.length())));
        String before = place.map(found -> found.name() + ":  ").orElse("    ");
        String[] lines = CodeLine.marked(text, from, from + Math.max(0, end - start), before).split("\n", 2);
        int carets = lines[1].indexOf('^');
        to.add(Style.place(before) + lines[0].substring(before.length()));
        to.add(lines[1].substring(0, carets) + Style.error(lines[1].substring(carets)));
    }
}
