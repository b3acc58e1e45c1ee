package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import org.apd4j.tables.NumberTable;
import org.apd4j.testsupport.RecordingScreen;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class LiveTableTest {

    private static Table table(int value) {
        return NumberTable.named("t").integers("column", value).build();
    }

    @Test
    void theFirstTableIsShownAndReplacedByTheNext() {
        var screen = new RecordingScreen();
        LiveTable live = new LiveTable(screen);
        live.show(table(11));
        live.show(table(22));
        live.show(table(33));
        assertEquals(1, screen.shown.size());
        assertEquals(2, screen.updates.size());
        assertEquals(screen.shown.get(0).getDisplayId(), screen.updates.get(1).getDisplayId());
        assertTrue(((String) screen.updates.get(1).getData(MIMEType.TEXT_HTML)).contains("33"));
    }
}
