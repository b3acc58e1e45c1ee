package org.apd4j.testsupport;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.List;
import org.apd4j.notebook.internal.Screen;

/** A screen that records what is shown and updated. */
public final class RecordingScreen implements Screen {

    public final List<DisplayData> shown = new ArrayList<>();
    public final List<DisplayData> updates = new ArrayList<>();

    @Override
    public void show(DisplayData data) {
        shown.add(data);
    }

    @Override
    public void update(DisplayData data) {
        updates.add(data);
    }
}
