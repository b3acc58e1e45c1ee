package org.apd4j.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of comma-separated values (RFC 4180) that returns one record at a time. Blank lines are skipped, but counted in line numbers; comments
 * have no special meaning here; records may have any number of cells.
 */
final class CsvReader implements AutoCloseable {

    /** A record and the number of the line on which it begins, counted from 1. */
    record Line(int number, List<String> cells) {
    }

    /** The longest cell that is read; a longer one is the result of a missing quotation mark. */
    private static final int LONGEST_CELL = 1 << 16;
    private static final int END = -1;

    private final Reader reader;
    private int line = 1;
    /** A character that has been read in advance, or −2 if there is none. */
    private int ahead = -2;

    /**
     * Opens a file.
     *
     * @throws IllegalArgumentException if the file is encoded in UTF-16 or UTF-32
     */
    CsvReader(Path file) throws IOException {
        var bytes = new BufferedInputStream(Files.newInputStream(file));
        try {
            bytes.mark(4);
            byte[] first = bytes.readNBytes(4);
            bytes.reset();
            if (startsWith(first, 0xEF, 0xBB, 0xBF)) {
                bytes.skipNBytes(3);
            } else if (startsWith(first, 0xFF, 0xFE) || startsWith(first, 0xFE, 0xFF) || startsWith(first, 0) || first.length > 1 && first[1] == 0) {
                throw new IllegalArgumentException("is encoded in UTF-16 or UTF-32; save it as UTF-8");
            }
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
        reader = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the next record that is not blank, or null at the end of the file, like {@link BufferedReader#readLine}.
     *
     * @throws IllegalArgumentException if the file is malformed
     */
    @Nullable Line next() throws IOException {
        while (true) {
            int number = line;
            List<String> cells = record();
            if (cells == null) {
                return null;
            }
            if (cells.size() > 1 || !cells.get(0).isBlank()) {
                return new Line(number, cells);
            }
        }
    }

    private @Nullable List<String> record() throws IOException {
        int c = read();
        if (c == END) {
            return null;
        }
        List<String> cells = new ArrayList<>();
        while (true) {
            var cell = new StringBuilder();
            if (c == '"') {
                c = quoted(cell);
            } else {
                while (c != ',' && c != '\n' && c != END) {
                    append(cell, c);
                    c = read();
                }
            }
            cells.add(cell.toString());
            if (c != ',') {
                line += c == '\n' ? 1 : 0;
                return cells;
            }
            c = read();
        }
    }

    /** Reads a quoted cell after its opening quotation mark, and returns what ends it: a comma, the end of the line or that of the file. */
    private int quoted(StringBuilder cell) throws IOException {
        int opened = line;
        while (true) {
            int c = read();
            if (c == END) {
                throw new IllegalArgumentException("the quotation mark that opens in line " + opened + " is never closed");
            }
            if (c == '"') {
                c = read();
                if (c == ',' || c == '\n' || c == END) {
                    return c;
                }
                if (c != '"') {
                    throw new IllegalArgumentException("line " + line + " continues with '" + Character.toString(c)
                            + "' after a closing quotation mark; within quotes, write a quotation mark twice");
                }
            }
            line += c == '\n' ? 1 : 0;
            append(cell, c);
        }
    }

    private void append(StringBuilder cell, int c) {
        if (cell.length() == LONGEST_CELL) {
            throw new IllegalArgumentException("line " + line + " has a cell of more than " + LONGEST_CELL
                    + " characters; check for a missing quotation mark, and whether the file holds comma-separated values");
        }
        cell.append((char) c);
    }

    /** Returns the next character; every kind of line end is returned as one {@code \n}. */
    private int read() throws IOException {
        int c = ahead == -2 ? raw() : ahead;
        ahead = -2;
        if (c == '\r') {
            ahead = raw();
            if (ahead == '\n') {
                ahead = -2;
            }
            return '\n';
        }
        return c;
    }

    private int raw() throws IOException {
        try {
            return reader.read();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not in UTF-8 (a byte near line " + line + " is not valid); save it as UTF-8", e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
