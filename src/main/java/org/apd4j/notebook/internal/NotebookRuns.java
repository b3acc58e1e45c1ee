package org.apd4j.notebook.internal;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apd4j.training.RunFolder;
import org.jspecify.annotations.Nullable;

/** Where a notebook's runs are saved: beside the notebook, or in the user's cache folder if nothing can be written there. */
public final class NotebookRuns {

    /** The folder beside the notebook, which is in the kernel's working folder. */
    public static final Path BESIDE = Path.of(".runs");

    private NotebookRuns() {
    }

    /** Returns the folder of this user. */
    public static RunFolder ofUser() {
        return RunFolder.of(BESIDE, cache(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home"))));
    }

    /** Returns the folder for caches of an operating system. */
    public static Path cache(Map<String, String> environment, String system, Path home) {
        String name = system.toLowerCase(Locale.ROOT);
        Path caches;
        if (name.startsWith("windows")) {
            caches = path(environment.get("LOCALAPPDATA"), home.resolve("AppData").resolve("Local"));
        } else if (name.startsWith("mac")) {
            caches = home.resolve("Library").resolve("Caches");
        } else {
            caches = path(environment.get("XDG_CACHE_HOME"), home.resolve(".cache"));
        }
        return caches.resolve("apd4j").resolve("runs");
    }

    private static Path path(@Nullable String given, Path otherwise) {
        return given == null || given.isBlank() ? otherwise : Path.of(given);
    }
}
