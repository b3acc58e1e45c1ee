package org.apd4j.explore.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.Png;
import org.apd4j.tables.internal.Html;

/**
 * The HTML of an interactive output: a still picture with a sentence, and a script that replaces them. The script is made of the modules that the
 * output needs, in one scope of its own, so outputs cannot disturb one another and the order of cells does not matter.
 *
 * <pre>{@code
 * String html = Page.html(Figures.components(run), Figures.components(run).png(), "", "hover", Map.of("maps", List.of()), List.of("dom.js", "hover.js"), List.of("frame.css"));
 * }</pre>
 */
public final class Page {

    /** Largest number of bytes of a picture that is replaced where scripts may run. */
    private static final int LARGEST_STILL = 60_000;
    private static final double LESS_SHARP = 1.25;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Page() {
    }

    /**
     * Returns the HTML of an output.
     *
     * @param still    the picture
     * @param png      its file
     * @param sentence what is said below the picture where scripts may not run; empty for nothing
     * @param function the function that is called with the element, the data and the style
     * @param data     records, maps, lists, numbers and texts
     * @param modules  names of the scripts, in order; resources of this library
     * @param styles   names of the style sheets, in order; resources of this library
     */
    public static String html(Figure still, byte[] png, String sentence, String function, Object data, List<String> modules, List<String> styles) {
        String scripts = modules.stream().map(Page::resource).collect(Collectors.joining());
        String style = styles.stream().map(Page::resource).collect(Collectors.joining());
        return "<div data-apd4j=\"" + function + "\"><img width=\"" + still.width() + "\" height=\"" + still.height() + "\" alt=\""
                + Html.escape(still.alternative()) + "\" style=\"max-width:100%;height:auto\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(png) + "\">"
                + (sentence.isEmpty() ? "" : "<p style=\"font-size:90%;margin:4px 0\">" + Html.escape(sentence) + "</p>")
                + "<script>(() => {\n\"use strict\";\nconst root = document.currentScript.parentElement;\n" + scripts + function + "(root, " + json(data)
                + ", " + json(style) + ");\n})();</script></div>";
    }

    /** Returns the file of a still picture, less sharp if it would be large: most readers see what replaces it. */
    public static byte[] small(Figure still) {
        byte[] sharp = still.png();
        return sharp.length <= LARGEST_STILL ? sharp : Png.bytes(Png.inFewColors(still.image(LESS_SHARP)));
    }

    /** Returns a page with one output, which follows the light or dark colours that the reader's system asks for. */
    public static String alone(String title, String html) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                + "<meta name=\"color-scheme\" content=\"light dark\"><title>" + Html.escape(title) + "</title></head><body>\n" + html
                + "\n</body></html>\n";
    }

    /** Returns data as JSON that may stand in a script. */
    static String json(Object data) {
        try {
            return JSON.writeValueAsString(data).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + data, e);
        }
    }

    /** Returns a resource without indentation, empty lines and comments that fill whole lines: a reader of the page has the sources elsewhere. */
    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/org/apd4j/explore/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the library's resource org/apd4j/explore/" + name + " is missing from its jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("//") && !line.startsWith("/**") && !line.startsWith("* ") && !line.equals("*/"))
                    .map(line -> line + "\n").collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
