package org.apd4j.tables.internal;

/**
 * Escaped text for HTML and SVG.
 *
 * <pre>{@code
 * String cell = "<td>" + Html.escape("a < b") + "</td>";
 * }</pre>
 */
public final class Html {

    private Html() {
    }

    /** Returns the text with &amp;, &lt;, &gt; and both quotes written as entities; control characters that XML forbids become blanks. */
    public static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t', '\r' -> escaped.append(c);
                default -> escaped.append(c < ' ' || c == '\uFFFE' || c == '\uFFFF' ? ' ' : c);
            }
        }
        return escaped.toString();
    }
}
