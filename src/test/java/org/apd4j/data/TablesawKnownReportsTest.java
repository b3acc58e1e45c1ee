package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apd4j.tables.NumberTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reported bugs of Tablesaw, tested on the files that are read and written with it (Tablesaw 409, 732, 845). */
class TablesawKnownReportsTest {

    private static final int ZEROS = 5_000;

    @TempDir
    Path folder;
    private Locale before;

    @BeforeEach
    void rememberLocale() {
        before = Locale.getDefault();
    }

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    /** Tablesaw guesses a column's type from its first rows: whole numbers here, and then it loses or refuses the others. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0", "0", ""})
    void aColumnThatBeginsWithThousandsOfZerosKeepsTheFractionsBehindThem(String beginning) throws IOException {
        String zero = beginning.isEmpty() ? "0.0" : beginning;
        var csv = new StringBuilder("a,b,label\n");
        IntStream.range(0, ZEROS).forEach(i -> csv.append(zero).append(',').append(zero).append(",no\n"));
        csv.append("0.37,1e-3,yes\n");
        Dataset data = Dataset.read(Files.writeString(folder.resolve("zeros.csv"), csv));
        assertEquals(ZEROS + 1, data.size());
        assertArrayEquals(new float[] {0.37f, 1e-3f}, row(data, ZEROS));
        assertArrayEquals(new float[] {0, 0}, row(data, ZEROS - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"de-DE", "tr-TR", "ar-EG-u-nu-arab"})
    void valuesAndNamesAreReadAndWrittenTheSameInEveryLocale(String locale) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(locale));
        Dataset data = Dataset.read(Files.writeString(folder.resolve("DIGITS.CSV"), "width,HEIGHT,LABEL\n0.5,1234.25,i\n-1e-3,2,I\n"));
        assertArrayEquals(new float[] {0.5f, 1234.25f}, row(data, 0));
        assertArrayEquals(new float[] {-1e-3f, 2}, row(data, 1));
        assertEquals(2, data.classes().size(), "the column LABEL holds the classes");

        String written = NumberTable.csv(NumberTable.named("numbers").numbers("INFINITE i", new double[] {0, 0.37, 1234567.5, 1e-9}).build());
        assertTrue(written.startsWith("INFINITE i"), written);
        assertEquals(4, written.lines().skip(1).mapToDouble(Double::parseDouble).filter(Double::isFinite).count(), written);
        assertTrue(written.contains("0.37") && !written.contains("0,37"), written);
    }

    @Test
    void aDecimalCommaIsRefusedWithItsPlace() throws IOException {
        Locale.setDefault(Locale.GERMANY);
        Path file = Files.writeString(folder.resolve("comma.csv"), "a,b\n\"0,5\",1\n");
        String refusal = assertThrows(IOException.class, () -> Dataset.read(file)).getMessage();
        assertTrue(refusal.contains("0,5") && refusal.contains("'a'"), refusal);
    }

    private static float[] row(Dataset data, int row) {
        return data.row(row);
    }
}
