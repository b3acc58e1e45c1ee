package org.apd4j.charts.internal;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** A check that Java can draw text; machines without a screen often have no fonts. */
public final class Fonts {

    private static volatile boolean found;

    private Fonts() {
    }

    /**
     * Checks that there is a font.
     *
     * @throws IllegalStateException if Java finds none; the message says what to install
     */
    public static void check() {
        if (!found) {
            check(() -> new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("APD", new FontRenderContext(null, true, true)));
            found = true;
        }
    }

    /**
     * Checks that text can be measured. Java reports a missing font in many ways: exceptions, internal errors, classes or native libraries
     * that it cannot load.
     */
    public static void check(Runnable measure) {
        try {
            measure.run();
        } catch (RuntimeException | InternalError | LinkageError e) {
            throw new IllegalStateException("Java finds no font on this machine, so no figure can be drawn. Install one, "
                    + "e.g. `sudo apt install fontconfig fonts-dejavu-core` (Debian, Ubuntu), "
                    + "`sudo dnf install fontconfig dejavu-sans-fonts` (Fedora) "
                    + "or `apk add fontconfig ttf-dejavu` (Alpine), and start again", e);
        }
    }
}
