package org.apd4j.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.tables.NumberTable;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class LiveTableTest {

    private static Table table(int value) {
        return NumberTable.named("t").integers("column", value).build();
    }

    @Test
    void theFirstTableIsShownAndEveryOtherTakesItsPlace() {
        List<DisplayData> shown = new ArrayList<>();
        List<DisplayData> updates = new ArrayList<>();
        LiveTable live = new LiveTable(new Screen() {
            @Override
            public void show(DisplayData data) {
                shown.add(data);
            }

            @Override
            public void update(DisplayData data) {
                updates.add(data);
            }
        });
        live.show(table(11));
        live.show(table(22));
        live.show(table(33));
        assertEquals(1, shown.size());
        assertEquals(2, updates.size());
        assertEquals(shown.get(0).getDisplayId(), updates.get(1).getDisplayId());
        assertTrue(((String) updates.get(1).getData(MIMEType.TEXT_HTML)).contains("33"));
    }
}
