package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apd4j.io.Npz;
import org.apd4j.io.NpyArray;
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
    void aTableWithoutLabelsIsRowsAlone() throws IOException {
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
    void aFileThatIsNoDataIsRefusedInOneSentenceThatNamesIt() throws IOException {
        refused("line 3 has 'two' in the column 'x', where a number should be", csv("x,label\n1,0\ntwo,1\n"));
        refused("line 2 has '' in the column 'x', where a number should be", csv("x,label\n,0\n"));
        refused("row 0 holds NaN at 0; every value must be finite", csv("x,label\nNaN,0\n"));
        refused("the label of row 1 is -1; it must be a whole number from 0 on, or a name", csv("x,label\n1,0\n2,-1\n"));
        refused("the label of row 0 is 0.5; it must be a whole number from 0 on, or a name", csv("x,label\n1,0.5\n"));
        refused("row 0 has no label; every row needs one", csv("x,label\n1,\n"));
        refused("the data has 0 rows; it must have at least one row of at least one value", csv("x,label\n"));
        refused("has two columns of labels, 'label' and 'class'", csv("x,label,class\n1,0,0\n"));
        refused("has no array of rows; it must be named one of [values, images, data, x], and there are [w]",
                npz(Map.of("w", NpyArray.of(new float[] {1}, 1, 1))));
        refused("there are 1 labels for 2 rows; every row needs one",
                npz(Map.of("x", NpyArray.of(new float[] {1, 2}, 2, 1), "y", NpyArray.of(new int[] {0}, 1))));
        refused("the data has 0 rows; it must have at least one row of at least one value", npz(Map.of("x", NpyArray.of(new float[0], 0, 4))));
        assertTrue(assertThrows(IOException.class, () -> Dataset.read(folder.resolve("none.csv"))).getMessage().endsWith("there is no such file"));
        assertThrows(IllegalArgumentException.class, () -> Dataset.read(folder.resolve("rows.txt")));
    }

    @Test
    void rowsOfDifferentLengthAreRefused() throws IOException {
        Path file = csv("x,z,label\n1,2,0\n3,1\n");
        assertTrue(assertThrows(IOException.class, () -> Dataset.read(file)).getMessage().startsWith(file + ": "));
    }

    private static void refused(String what, Path file) {
        assertEquals(file + ": " + what, assertThrows(IOException.class, () -> Dataset.read(file)).getMessage());
    }
}
