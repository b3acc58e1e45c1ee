package org.apd4j.notebook.jupyter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The cells that have run, newest first: where a piece of code stands in the notebook. */
final class CellTexts {

    private static final int MOST = 1000;

    private final Deque<Cell> cells = new ArrayDeque<>();

    /**
     * A cell as it was run.
     *
     * @param number its execution count
     * @param code   its text
     */
    record Cell(int number, String code) {
    }

    /**
     * A place in a cell.
     *
     * @param number execution count of the cell
     * @param isLast whether the cell is the one that ran last
     * @param offset index into the cell's text
     * @param cell   the cell's text
     */
    record DisplaySlot(int number, boolean isLast, int offset, String cell) {

        /** Counted from 1. */
        int line() {
            return 1 + (int) cell.substring(0, offset).chars().filter(c -> c == '\n').count();
        }

        /** For people: cells of before with their number. */
        String name() {
            return (isLast ? "line " : "[" + number + "] line ") + line();
        }

        /** The text of the line. */
        String text() {
            return CodeLine.at(cell, offset);
        }
    }

    /** Notes that a cell begins to run. */
    synchronized void begin(int number, String code) {
        cells.addFirst(new Cell(number, code.replace("\r\n", "\n")));
        if (cells.size() > MOST) {
            cells.removeLast();
        }
    }

    /** The text of the cell that ran last; empty before the first. */
    synchronized String last() {
        return cells.isEmpty() ? "" : cells.getFirst().code();
    }

    /**
     * Finds where a place in a snippet stands in a cell, in the newest that contains the snippet.
     *
     * @param source a snippet's source
     * @param offset an index into it
     */
    @SuppressWarnings("ReferenceEquality") // the same text may stand in two cells
    synchronized Optional<DisplaySlot> find(String source, int offset) {
        for (Cell cell : cells) {
            int within = indexIn(cell.code(), source, Math.max(0, Math.min(offset, source.length())));
            if (within >= 0) {
                return Optional.of(new DisplaySlot(cell.number(), cell == cells.getFirst(), within, cell.code()));
            }
        }
        return Optional.empty();
    }

    private static int indexIn(String cell, String source, int offset) {
        String stripped = source.strip();
        int lead = source.indexOf(stripped);
        int start = stripped.isEmpty() ? -1 : cell.indexOf(stripped);
        if (start < 0 && stripped.length() > 1 && stripped.endsWith(";")) {
            start = cell.indexOf(stripped.substring(0, stripped.length() - 1)); // the shell ends a cell's last statement itself
        }
        return start < 0 ? -1 : Math.min(cell.length(), start + Math.max(0, Math.min(stripped.length(), offset - lead)));
    }
}
