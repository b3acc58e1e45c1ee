package org.apd4j.notebook.internal;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apd4j.charts.Figure;

/** What cells put out, in the forms in which a notebook keeps it. */
public final class Outputs {

    private Outputs() {
    }

    /** HTML, and text for who shows none; under an identity by which it can be replaced. */
    public static DisplayData html(String id, String html, String text) {
        var data = new DisplayData(text);
        data.putHTML(html);
        data.setDisplayId(id);
        return data;
    }

    /** A figure under an identity by which it can be replaced. */
    public static DisplayData figure(String id, Figure figure) {
        var data = new DisplayData(figure.alternative());
        putPng(data, figure.png(), figure.width(), figure.height(), figure.alternative());
        data.setDisplayId(id);
        return data;
    }

    /** Adds a picture that is shown in this size. */
    public static void putPng(DisplayData data, byte[] png, int width, int height, String alternative) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("width", width);
        metadata.put("height", height);
        metadata.put("alt", alternative);
        data.putData(MIMEType.IMAGE_PNG, Base64.getEncoder().encodeToString(png), metadata);
    }
}
