package org.apd4j.notebook.jupyter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The texts of cells that have run, newest first, for finding the position of code in the notebook. */
final class CellTexts {

    private static final int MOST = 1000;

    private final Deque<Cell> cells = new ArrayDeque<>();

    /**
     * A run of a cell.
     *
     * @param number the execution count
     * @param code   the text
     */
    record Cell(int number, String code) {
    }

    /**
     * A position in a cell.
     *
     * @param number the execution count of the cell
     * @param isLast whether the cell is the one that ran last
     * @param offset the index into the text of the cell
     * @param cell   the text of the cell
     */
    record Position(int number, boolean isLast, int offset, String cell) {

        /** Returns the number of the line, counted from 1. */
        int line() {
            return 1 + (int) cell.substring(0, offset).chars().filter(c -> c == '\n').count();
        }

        /** Returns the name of the line for messages, with the execution count unless the cell is the last one. */
        String name() {
            return (isLast ? "line " : "[" + number + "] line ") + line();
        }

        /** Returns the text of the line. */
        String text() {
            return CodeLine.at(cell, offset);
        }
    }

    /** Records that a cell begins to run. */
    synchronized void begin(int number, String code) {
        cells.addFirst(new Cell(number, code.replace("\r\n", "\n")));
        if (cells.size() > MOST) {
            cells.removeLast();
        }
    }

    /** Returns the text of the cell that ran last, or an empty string before the first one. */
    synchronized String last() {
        return cells.isEmpty() ? "" : cells.getFirst().code();
    }

    /**
     * Finds the position of code in the newest cell that contains it.
     *
     * @param source the source of a snippet
     * @param offset an index into the source
     */
    @SuppressWarnings("ReferenceEquality") // two cells may have the same text
    synchronized Optional<Position> find(String source, int offset) {
        for (Cell cell : cells) {
            int within = indexIn(cell.code(), source, Math.max(0, Math.min(offset, source.length())));
            if (within >= 0) {
                return Optional.of(new Position(cell.number(), cell == cells.getFirst(), within, cell.code()));
            }
        }
        return Optional.empty();
    }

    private static int indexIn(String cell, String source, int offset) {
        String stripped = source.strip();
        int lead = source.indexOf(stripped);
        int start = stripped.isEmpty() ? -1 : cell.indexOf(stripped);
        if (start < 0 && stripped.length() > 1 && stripped.endsWith(";")) {
            start = cell.indexOf(stripped.substring(0, stripped.length() - 1)); // the shell adds the semicolon after the last statement of a cell
        }
        return start < 0 ? -1 : Math.min(cell.length(), start + Math.max(0, Math.min(stripped.length(), offset - lead)));
    }
}
