package org.apd4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandwrittenDigitsTest {

    /** The numbers of test images that the data set's own description gives (archive.ics.uci.edu, optdigits.names). */
    @Test
    void everyDigitHasAsManyImagesAsTheDescriptionSays() {
        Dataset digits = HandwrittenDigits.read();
        assertEquals(1_797, digits.size());
        assertEquals(HandwrittenDigits.SIDE * HandwrittenDigits.SIDE, digits.features());
        assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180},
                IntStream.range(0, 10).map(digit -> digits.ofClass(digit).length).toArray());
    }

    @Test
    void valuesAreSixteenthsFromZeroToOne() {
        Dataset digits = HandwrittenDigits.read();
        float largest = 0;
        for (int row = 0; row < digits.size(); row++) {
            for (float value : digits.row(row)) {
                assertTrue(value >= 0 && value <= 1 && value * 16 == Math.rint(value * 16), "image " + row + " has " + value);
                largest = Math.max(largest, value);
            }
        }
        assertEquals(1, largest);
        float[] first = digits.row(0);
        assertArrayEquals(new float[] {0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0}, Arrays.copyOf(first, 8), "as scikit-learn prints it");
    }

    @Test
    void noticeNamesAuthorsLicenceAndTheFileThatIsShipped() throws Exception {
        try (InputStream file = HandwrittenDigits.class.getResourceAsStream("digits.csv.gz");
             InputStream notice = HandwrittenDigits.class.getResourceAsStream("NOTICE.md")) {
            String said = new String(notice.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(said.contains(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.readAllBytes()))), said);
            assertTrue(said.contains("Alpaydin") && said.contains("Kaynak") && said.contains("CC BY 4.0") && said.contains("unchanged"), said);
        }
    }
}
