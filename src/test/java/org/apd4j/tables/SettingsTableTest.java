package org.apd4j.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SettingsTableTest {

    /** The settings of another method, which says nothing about how tables name them. */
    private record Other(int batch, int steps, double learningRate, Schedule schedule, double strength) implements DecompositionSettings {
    }

    @Test
    void settingsOfTwoMethodsStandSideBySideAndWhatOneDoesNotHaveIsADash() {
        Map<String, DecompositionSettings> settings = new LinkedHashMap<>();
        settings.put("APD", ApdConfig.paperTms5to2());
        settings.put("other", new Other(64, 1_500, 1e-3, Schedule.constant(), 2));
        Table table = Tables.settings(settings);
        assertEquals(List.of("setting", "APD", "other"), table.columnNames());
        List<String> names = table.stringColumn("setting").asList();
        assertEquals("batch top-k, k = 0.211", table.stringColumn("APD").get(names.indexOf("selection")));
        assertEquals("–", table.stringColumn("other").get(names.indexOf("selection")));
        assertEquals("1,500", table.stringColumn("other").get(names.indexOf("steps")));
        assertEquals("0.001", table.stringColumn("other").get(names.indexOf("learning rate")));
        assertEquals(12, table.rowCount());
    }

    @Test
    void reasonsHaveASettingAValueAndWhy() {
        Table table = Tables.reasons("Settings to start from", List.of(new DecompositionSettings.Reason("k", "3", "It was measured.")));
        assertEquals(List.of("setting", "value", "why"), table.columnNames());
        assertEquals("It was measured.", table.stringColumn("why").get(0));
    }
}
