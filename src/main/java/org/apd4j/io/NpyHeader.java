package org.apd4j.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of an {@code .npy} array, a Python dictionary literal with exactly the keys {@code descr}, {@code fortran_order} and {@code shape}.
 * Only literals are understood; nothing is evaluated.
 */
record NpyHeader(NpyArray.Type type, boolean fortranOrder, int[] shape, int size) {

    private static final int MAX_DIMENSIONS = 32;

    /** Returns the bytes before the data, padded to a multiple of 64 like NumPy's: magic, version 1.0, length, dictionary. */
    static byte[] bytes(NpyArray array) {
        String dictionary = "{'descr': '" + array.type().descr() + "', 'fortran_order': False, 'shape': "
                + NpyArray.text(array.dimensions()) + ", }";
        int prefix = Npz.MAGIC.length + 4;
        int length = (prefix + dictionary.length() + 1 + 63) / 64 * 64 - prefix;
        var bytes = new byte[prefix + length];
        System.arraycopy(Npz.MAGIC, 0, bytes, 0, Npz.MAGIC.length);
        bytes[prefix - 4] = 1;
        bytes[prefix - 2] = (byte) length;
        bytes[prefix - 1] = (byte) (length >> 8);
        byte[] text = (dictionary + " ".repeat(length - dictionary.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, prefix, length);
        return bytes;
    }

    /**
     * Parses a header.
     *
     * @throws IOException if the text is no such header, or describes an array that this library does not read
     */
    static NpyHeader parse(String text) throws IOException {
        return new Parser(text).header();
    }

    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        NpyHeader header() throws IOException {
            @Nullable String descr = null;
            @Nullable Boolean fortranOrder = null;
            @Nullable List<Long> shape = null;
            expect('{');
            while (!accept('}')) {
                String key = string();
                expect(':');
                switch (key) {
                    case "descr" -> {
                        unseen(key, descr);
                        descr = descr();
                    }
                    case "fortran_order" -> {
                        unseen(key, fortranOrder);
                        fortranOrder = bool();
                    }
                    case "shape" -> {
                        unseen(key, shape);
                        shape = tuple();
                    }
                    default -> throw new IOException("the header has an unknown key '" + key + "'");
                }
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            if (peek() != 0) {
                throw malformed("the end of the header");
            }
            if (descr == null || fortranOrder == null || shape == null) {
                throw new IOException("the header lacks one of 'descr', 'fortran_order' and 'shape'");
            }
            var type = type(descr);
            int size = size(shape);
            return new NpyHeader(type, fortranOrder, shape.stream().mapToInt(Long::intValue).toArray(), size);
        }

        private static NpyArray.Type type(String descr) throws IOException {
            for (var type : NpyArray.Type.values()) {
                if (type.descr().equals(descr)) {
                    return type;
                }
            }
            if (descr.endsWith("O")) {
                throw new IOException("it holds pickled Python objects, which are never read");
            }
            throw new IOException("its type '" + descr + "' is none of <f4, <f8, <i4, <i8, |i1, |u1, |b1");
        }

        private static int size(List<Long> shape) throws IOException {
            if (shape.size() > MAX_DIMENSIONS) {
                throw new IOException("its shape has " + shape.size() + " dimensions, more than " + MAX_DIMENSIONS);
            }
            long size = 1;
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new IOException("its shape " + shape + " has a negative dimension");
                }
                // cannot overflow: both factors are below 2^31; each dimension is checked, too, since one of 0 makes the product 0
                size *= Math.min(dimension, Integer.MAX_VALUE);
                if (dimension > NpyArray.MAX_SIZE || size > NpyArray.MAX_SIZE) {
                    throw new IOException("its shape " + shape + " is larger than an array can be");
                }
            }
            for (long dimension : shape) {
                if (dimension > Math.max(size, NpyArray.MAX_EMPTY)) {
                    throw new IOException("its shape " + shape + " has a dimension of " + dimension + ", but holds no numbers");
                }
            }
            return (int) size;
        }

        private static void unseen(String key, @Nullable Object value) throws IOException {
            if (value != null) {
                throw new IOException("the header has the key '" + key + "' twice");
            }
        }

        private String descr() throws IOException {
            if (peek() == '[') {
                throw new IOException("it is an array of records, not of numbers");
            }
            return string();
        }

        private String string() throws IOException {
            char quote = peek();
            if (quote != '\'' && quote != '"') {
                throw malformed("a quoted string");
            }
            int end = text.indexOf(quote, at + 1);
            if (end < 0) {
                throw malformed("a closing quote");
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private boolean bool() throws IOException {
            peek();
            for (boolean value : new boolean[] {false, true}) {
                String word = value ? "True" : "False";
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return value;
                }
            }
            throw malformed("True or False");
        }

        private List<Long> tuple() throws IOException {
            var values = new ArrayList<Long>();
            expect('(');
            while (!accept(')')) {
                values.add(integer());
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            return values;
        }

        private long integer() throws IOException {
            peek();
            int start = at;
            if (at < text.length() && text.charAt(at) == '-') {
                at++;
            }
            int digits = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == digits) {
                throw malformed("an integer");
            }
            if (at - digits > 18) {
                throw new IOException("its shape has a dimension of " + (at - digits) + " digits, which is larger than an array can be");
            }
            return Long.parseLong(text, start, at, 10);
        }

        /** Returns the next character that is not white space without consuming it, or 0 at the end. */
        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean accept(char wanted) {
            if (peek() != wanted) {
                return false;
            }
            at++;
            return true;
        }

        private void expect(char wanted) throws IOException {
            if (!accept(wanted)) {
                throw malformed("'" + wanted + "'");
            }
        }

        private IOException malformed(String wanted) {
            return new IOException("the header is malformed: expected " + wanted + " at character " + at);
        }
    }
}
