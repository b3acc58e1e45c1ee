package org.apd4j.notebook.internal;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.charts.Figure;

/** Outputs of cells, in the form in which notebooks store them. */
public final class Outputs {

    private Outputs() {
    }

    /** Returns an output of HTML, with text for viewers that do not show HTML, under a display id by which it can be replaced. */
    public static DisplayData html(String id, String html, String text) {
        var data = new DisplayData(text);
        data.putHTML(html);
        data.setDisplayId(id);
        return data;
    }

    /** Returns an output of a figure, under a display id by which it can be replaced. */
    public static DisplayData figure(String id, Figure figure) {
        var data = new DisplayData(figure.alternative());
        putPng(data, figure.png(), figure.width(), figure.height(), figure.alternative());
        data.setDisplayId(id);
        return data;
    }

    /** Adds a PNG image to an output, to be shown in the given size. */
    public static void putPng(DisplayData data, byte[] png, int width, int height, String alternative) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("width", width);
        metadata.put("height", height);
        metadata.put("alt", alternative);
        data.putData(MIMEType.IMAGE_PNG, Base64.getEncoder().encodeToString(png), metadata);
    }
}
