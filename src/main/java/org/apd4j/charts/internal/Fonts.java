package org.apd4j.charts.internal;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** Whether Java can write text at all: a JDK without a screen often stands on a machine without fonts. */
public final class Fonts {

    private static volatile boolean found;

    private Fonts() {
    }

    /** @throws IllegalStateException if Java finds no font; it says what to install */
    public static void check() {
        if (!found) {
            check(() -> new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("APD", new FontRenderContext(null, true, true)));
            found = true;
        }
    }

    /** Java says that in many ways: exceptions, internal errors, classes or native libraries that it cannot load. */
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
