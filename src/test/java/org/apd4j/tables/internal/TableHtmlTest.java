package org.apd4j.tables.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.Summary;
import org.apd4j.tables.NumberTable;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class TableHtmlTest {

    private static Table small() {
        return NumberTable.named("MMCS & <ML2R>").integers("feature", 0, 1, 2)
                .numbers("MMCS", 0.998, Double.NaN, Double.POSITIVE_INFINITY).texts("verdict", List.of("<script>", "\"ok\"", "")).build();
    }

    @Test
    void textsAreEscaped() {
        String html = TableHtml.of(small());
        assertTrue(html.contains("MMCS &amp; &lt;ML2R&gt;") && html.contains("&lt;script&gt;") && html.contains("&quot;ok&quot;"), html);
        assertFalse(html.contains("<script"));
        String named = TableHtml.of(NumberTable.named("t").numbers("<b>a & b</b>", 1).texts("\"x\"", List.of("y")).build());
        assertTrue(named.contains(">&lt;b&gt;a &amp; b&lt;/b&gt;</th>") && named.contains(">&quot;x&quot;</th>"), named);
        assertEquals("&amp;&lt;&gt;&quot;&#39; ä\n", Html.escape("&<>\"'\u0001ä\n"));
    }

    @Test
    void numbersAreRightAlignedAndNaNIsShown() {
        String html = TableHtml.of(small());
        assertTrue(html.contains("text-align:right;font-variant-numeric:tabular-nums\">0.998</td>"), html);
        assertTrue(html.contains(">–</td>") && html.contains(">∞</td>"), html);
    }

    @Test
    void aShortTextIsNotBrokenIntoLines() {
        String html = TableHtml.of(NumberTable.named("t").texts("found", List.of("27 of 30", "one of many settings")).build());
        assertTrue(html.contains(";white-space:nowrap\">27 of 30</td>") && html.contains("text-align:left\">one of many settings</td>"), html);
    }

    @Test
    void tablesAreTheSameInEveryLocale() {
        String html = TableHtml.of(small());
        String text = TableHtml.text(small());
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("de-DE", "ar-EG-u-nu-arab")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(html, TableHtml.of(small()));
                assertEquals(text, TableHtml.text(small()));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void longTablesAreShortenedVisibly() {
        Table table = NumberTable.named("long").integers("row", IntStream.range(0, 1000).toArray()).build();
        String html = TableHtml.of(table);
        assertTrue(html.contains("970 of 1000 rows are not shown.") && html.contains(">999</td>") && !html.contains(">500</td>"));
        assertTrue(TableHtml.text(table).endsWith("970 of 1000 rows are not shown."));
        Table enough = NumberTable.named("enough").integers("row", IntStream.range(0, TableHtml.MOST_ROWS).toArray()).build();
        assertFalse(TableHtml.of(enough).contains("not shown"));
    }

    @Test
    void anEmptyTableIsATable() {
        assertTrue(TableHtml.of(Table.create("nothing")).contains("nothing"));
        assertTrue(TableHtml.of(NumberTable.named("no rows").numbers("x").build()).contains("no rows"));
        assertEquals("nothing", TableHtml.text(Table.create("nothing")).strip());
    }

    @Test
    void asTextTheColumnsAreAligned() {
        assertEquals("t\nname  value\na       1.5\nlong  -20.0", TableHtml.text(
                NumberTable.named("t").texts("name", List.of("a", "long")).numbers("value", 1.5, -20).build()));
    }

    @Test
    void aSummaryIsATableOfTwoColumns() {
        String html = TableHtml.of(new Summary("A <run>", Map.of("rank", "m & 3")));
        assertTrue(html.contains("A &lt;run&gt;") && html.contains("m &amp; 3") && html.contains("scope=\"row\""), html);
    }

    @Test
    void columnsOfDifferentLengthAreRefused() {
        var message = assertThrows(IllegalArgumentException.class,
                () -> NumberTable.named("t").integers("a", 1, 2).numbers("b", 1)).getMessage();
        assertEquals("column 'b' has 1 rows, 'a' has 2", message);
    }

    @Test
    void commaSeparatedValuesAreQuotedWhereNeeded() {
        Table table = NumberTable.named("t").texts("a,b", List.of("x \"y\"", "z")).numbers("v", 1e-7, Double.NaN).build();
        assertEquals("\"a,b\",v\n\"x \"\"y\"\"\",1.0E-7\nz,\n", NumberTable.csv(table));
    }

    @Test
    void stackedTablesKeepEveryColumn() {
        Table stack = NumberTable.stack("s", "part", List.of("one", "two"), List.of(
                NumberTable.named("1").integers("x", 1, 2).build(), NumberTable.named("2").texts("x", List.of("c")).numbers("y", 3).build()));
        assertEquals("part,x,y\none,1.0,\none,2.0,\ntwo,c,3.0\n", NumberTable.csv(stack));
    }
}
