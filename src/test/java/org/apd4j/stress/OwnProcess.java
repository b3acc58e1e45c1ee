package org.apd4j.stress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM beside the one that tests, with the library and the tests on its class path: one that may be killed or starved. */
final class OwnProcess {

    private OwnProcess() {
    }

    /** A builder of a process that runs a main class; standard error goes with standard output. */
    static ProcessBuilder of(Class<?> main, List<String> options, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs it to its end and returns what it printed. */
    static String outputOf(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
