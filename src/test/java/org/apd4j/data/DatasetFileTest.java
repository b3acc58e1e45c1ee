package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFileTest {

    @TempDir
    Path folder;

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("rows.csv"), text);
    }

    private Path npz(Map<String, NpyArray> arrays) throws IOException {
        Path file = folder.resolve("rows.npz");
        Npz.write(file, arrays);
        return file;
    }

    @Test
    void aTableHasAColumnOfLabelsWhereverItStands() throws IOException {
        Dataset data = Dataset.read(csv("a,Label,b\n0.5,2,-1\n1e-3,0,7\n"));
        assertArrayEquals(new float[] {0.5f, -1}, data.row(0));
        assertArrayEquals(new float[] {1e-3f, 7}, data.row(1));
        assertArrayEquals(new int[] {2, 0}, data.labels());
        assertEquals(List.of("0", "1", "2"), data.classes());
    }

    @Test
    void labelsThatAreNamesBecomeClassesInTheOrderOfTheAlphabet() throws IOException {
        Dataset data = Dataset.read(csv("x,class\n1,oak\n2,ash\n3,oak\n"));
        assertEquals(List.of("ash", "oak"), data.classes());
        assertArrayEquals(new int[] {1, 0, 1}, data.labels());
    }

    @Test
    void aTableWithoutLabelsGivesRowsOnly() throws IOException {
        Dataset data = Dataset.read(csv("x,z\n1,2\n"));
        assertFalse(data.isLabelled());
        assertEquals(2, data.features());
    }

    @Test
    void imagesOfAnArrayAreFlattenedLineByLine() throws IOException {
        Dataset data = Dataset.read(npz(Map.of("images", NpyArray.of(new byte[] {0, 1, 2, 3, 4, (byte) 255, 6, 7}, 2, 2, 2),
                "labels", NpyArray.of(new long[] {1, 0}, 2))));
        assertArrayEquals(new float[] {4, 255, 6, 7}, data.row(1));
        assertArrayEquals(new int[] {1, 0}, data.labels());
        assertTrue(data.isLabelled());
    }

    @Test
    void aFileThatIsNoDataSetIsRefusedByName() throws IOException {
        refused("line 3 has 'two' in the column 'x' instead of a number", csv("x,label\n1,0\ntwo,1\n"));
        refused("line 2 has '' in the column 'x' instead of a number", csv("x,label\n,0\n"));

        refused("the label of line 3 is -1; it must be an integer of at least 0 or a name", csv("x,label\n1,0\n2,-1\n"));
        refused("the label of line 2 is 0.5; it must be an integer of at least 0 or a name", csv("x,label\n1,0.5\n"));
        refused("line 2 has no label; every row needs one", csv("x,label\n1,\n"));
        refused("data set has 0 rows; it must have at least one row of at least one value", csv("x,label\n"));
        refused("has two columns of labels, 'label' and 'class'", csv("x,label,class\n1,0,0\n"));
        refused("has no array of rows; name it one of [values, images, data, x] (the arrays are [w])",
                npz(Map.of("w", NpyArray.of(new float[] {1}, 1, 1))));
        refused("there are 1 labels for 2 rows; every row needs one",
                npz(Map.of("x", NpyArray.of(new float[] {1, 2}, 2, 1), "y", NpyArray.of(new int[] {0}, 1))));
        refused("data set has 0 rows; it must have at least one row of at least one value", npz(Map.of("x", NpyArray.of(new float[0], 0, 4))));
        assertTrue(assertThrows(IOException.class, () -> Dataset.read(folder.resolve("none.csv"))).getMessage().endsWith("there is no such file"));
        assertThrows(IllegalArgumentException.class, () -> Dataset.read(folder.resolve("rows.txt")));
    }

    @Test
    void rowsOfDifferentLengthAreRefused() throws IOException {
        Path file = csv("x,z,label\n1,2,0\n3,1\n");
        assertTrue(assertThrows(IOException.class, () -> Dataset.read(file)).getMessage().startsWith(file + ": "));
    }

    @Test
    void aRowThatBeginsWithAHashIsRead() throws IOException {
        refused("line 3 has '#3' in the column 'a' instead of a number", csv("a,b\n1,2\n#3,4\n"));
        Dataset named = Dataset.read(csv("class,x\n#oak,1\n#ash,2\n"));
        assertEquals(List.of("#ash", "#oak"), named.classes());
        assertEquals(2, named.size());
    }

    @Test
    void namesAfterAHashAreReadAsNumPyWritesThem() throws IOException {
        Dataset data = Dataset.read(csv("# a,b\n1,2\n3,4\n5,6\n"));
        assertEquals(3, data.size());
        assertArrayEquals(new float[] {1, 2}, data.row(0));
        Dataset labelled = Dataset.read(csv("# measured on Monday\n# x,label\n1.5,2\n"));
        assertArrayEquals(new int[] {2}, labelled.labels());
        Dataset commented = Dataset.read(csv("# measured, on Monday\nx,label\n1.5,2\n"));
        assertArrayEquals(new float[] {1.5f}, commented.row(0));
        assertEquals(1, commented.size());
    }

    @Test
    void aFirstLineThatMayBeDataIsRefusedInsteadOfLost() throws IOException {
        String rule = "', which may be data; the first line must name the columns, and without a column of labels no name may be a number";
        refused("line 1 is '1,2" + rule, csv("1,2\n3,4\n"));
        refused("line 1 is '5.1,3.5,oak" + rule, csv("5.1,3.5,oak\n4.9,3.0,ash\n"));
        refused("line 2 is 'nan,2" + rule, csv("\nnan,2\n3,4\n"));
        refused("line 1 has no name for column 1; give it a name or leave the column out (pandas writes row numbers unless index=False)",
                csv(",a\n0,1.5\n"));
        refused("is empty; the first line must name the columns", csv("\n \n"));
        assertEquals(2, Dataset.read(csv("0,1,label\n1,2,0\n3,4,1\n")).size());
    }

    @Test
    void messagesNameTheLineOfTheFileForAllLineEndingsAndAfterBlankLines() throws IOException {
        refused("line 6 has 'two' in the column 'x' instead of a number", csv("\nx,label\n\n1,0\n\ntwo,1\n"));
        refused("line 6 has 'two' in the column 'x' instead of a number", csv("\r\nx,label\r\n\r\n1,0\r\n\r\ntwo,1\r\n"));
        refused("line 3 has 'two' in the column 'x' instead of a number", csv("x,label\r1,0\rtwo,1\r"));
        refused("line 5 has no label; every row needs one", csv("x,\"label\"\n1,\"a\nb\"\n\n2,\n"));
    }

    @Test
    void numbersThatAreNotFiniteAreRefusedInEverySpelling() throws IOException {
        for (String text : List.of("Inf", "-inf", "Infinity", "+Infinity", "NaN", "nan", "1e39")) {
            refused("line 2 has '" + text + "' in the column 'x'; every value must be finite and of a magnitude below 3.4e38",
                    csv("x,label\n" + text + ",0\n"));
        }
        for (String text : List.of("1f", "0x1p3", "1_000", "--1", "1e", "٣")) {
            refused("line 2 has '" + text + "' in the column 'x' instead of a number", csv("x,label\n" + text + ",0\n"));
        }
    }

    @Test
    void decimalCommasAreNamed() throws IOException {
        refused("line 1 is 'x;label'; columns must be separated by commas, and decimals by a point", csv("x;label\n1,5;0\n"));
        refused("line 2 has '1,5' in the column 'x' instead of a number; decimals need a point", csv("x,label\n\"1,5\",0\n"));
        refused("line 2 has 3 values for 2 columns; every line needs one value per column, and decimals a point", csv("x,label\n1,5,0\n"));
    }

    @Test
    void quotesAreReadAndUnclosedOnesNamed() throws IOException {
        Dataset data = Dataset.read(csv("\"x \"\"1\"\"\",class\n\"1.5\",\"oak, red\"\n"));
        assertEquals(List.of("oak, red"), data.classes());
        assertArrayEquals(new float[] {1.5f}, data.row(0));
        refused("the quotation mark that opens in line 3 is never closed", csv("x,label\n1,0\n\"2,0\n3,0\n"));
        refused("line 2 continues with '5' after a closing quotation mark; within quotes, write a quotation mark twice", csv("x,label\n\"1\"5,0\n"));
        refused("line 2 has a cell of more than 65536 characters; check for a missing quotation mark, and whether the file holds comma-separated values",
                csv("x\n" + "1".repeat(70_000)));
    }

    @Test
    void otherEncodingsThanUtf8AreNamed() throws IOException {
        Path file = folder.resolve("rows.csv");
        Files.write(file, "größe,label\n1,0\n".getBytes(StandardCharsets.ISO_8859_1));
        refused("is not in UTF-8 (a byte near line 1 is not valid); save it as UTF-8", file);
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Files.write(file, "x,label\n1,0\n".getBytes(charset));
            refused("is encoded in UTF-16 or UTF-32; save it as UTF-8", file);
        }
        Files.writeString(file, "\uFEFFlabel,größe\n3,1\n");
        assertArrayEquals(new int[] {3}, Dataset.read(file).labels());
    }

    @Test
    void aTableMayHaveManyThousandsOfColumns() throws IOException {
        String names = IntStream.range(0, 12_000).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
        Dataset data = Dataset.read(csv(names + "\n" + "1,".repeat(11_999) + "2\n"));
        assertEquals(12_000, data.features());
        assertEquals(2, data.row(0)[11_999]);
    }

    private static void refused(String what, Path file) {
        assertEquals(file + ": " + what, assertThrows(IOException.class, () -> Dataset.read(file)).getMessage());
    }
}
