package org.apd4j.io.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordTableTest {

    /** A record of everything that a file can hold. */
    public record Outer(String name, long seed, Inner inner, int last) {
    }

    /** A record in a record, which refuses some values. */
    public record Inner(double value, String note) {

        /** Refuses negative values. */
        public Inner {
            if (value < 0) {
                throw new IllegalArgumentException("value is " + value + "; it must not be negative");
            }
        }
    }

    private final RecordTable<Outer> table = new RecordTable<>(Outer.class);

    private static boolean isSame(Outer left, Outer right) {
        return left.name().equals(right.name());
    }

    private String refused(Path file, String... lines) throws IOException {
        Files.write(file, List.of(lines));
        return assertThrows(IOException.class, () -> table.read(file, "a table", RecordTableTest::isSame)).getMessage();
    }

    @Test
    void recordsComeBackWithSixDigitsAndInnerOnesStandInTheirPlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("table.csv");
        table.write(file, List.of(new Outer("one, two", 1L << 40, new Inner(1.23456789, ""), -3), new Outer("a \"b\"", 0, new Inner(Double.NaN, "n\r\nm"), 0)));
        assertEquals(List.of("name,seed,value,note,last", "\"one, two\",1099511627776,1.23457,,-3",
                "\"a \"\"b\"\"\",0,,n m,0"), Files.readAllLines(file));
        List<Outer> read = table.read(file, "a table", RecordTableTest::isSame);
        assertEquals(new Outer("one, two", 1L << 40, new Inner(1.23457, ""), -3), read.get(0));
        assertEquals("a \"b\"", read.get(1).name());
        assertTrue(Double.isNaN(read.get(1).inner().value()));
    }

    @Test
    void aDamagedFileIsRefusedWithItsLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("table.csv");
        String heading = table.heading();
        assertTrue(refused(file, "name,seed").contains("is not a table: its first line is not \"" + heading + "\""));
        assertTrue(refused(file, heading, "a,1,0.5,x,2", "a,2,0.5,x,2").contains("line 3: the run is there twice"));
        assertTrue(refused(file, heading, "a,1,0.5,x").contains("line 2: 4 cells; it must be 5"));
        assertTrue(refused(file, heading, "\"a,1,0.5,x,2").contains("line 2: a quotation mark is not closed"));
        assertTrue(refused(file, heading, "a,one,0.5,x,2").contains("line 2: For input string: \"one\""));
        assertTrue(refused(file, heading, "a,1,-0.5,x,2").contains("line 2: value is -0.5; it must not be negative"));
    }
}
