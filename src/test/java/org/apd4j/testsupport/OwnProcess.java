package org.apd4j.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A separate JVM with the library and the tests on its class path, which may be killed or given little memory. */
public final class OwnProcess {

    private OwnProcess() {
    }

    /** Returns the builder of a process that runs a main class; standard error goes to standard output. */
    public static ProcessBuilder of(Class<?> main, List<String> options, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs a process to its end and returns its output. */
    public static String outputOf(ProcessBuilder builder) throws IOException, InterruptedException {
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
