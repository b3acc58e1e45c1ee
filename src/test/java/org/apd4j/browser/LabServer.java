package org.apd4j.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code lab.py}, started as users start it, on a working copy of the notebooks, and ended by Ctrl-C. */
final class LabServer implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/lab\\?token=\\S+");
    private static final int MINUTES_TO_START = 15;
    private static final int SECONDS_TO_END = 300;

    /** A program that starts another one which reacts to Ctrl-C, even if these tests were started in the background of a shell. */
    private static final String HEEDING_CTRL_C =
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])";

    private final Process launcher;
    private final List<String> said = new ArrayList<>();
    private final CompletableFuture<String> address = new CompletableFuture<>();

    /**
     * Starts the server.
     *
     * @param notebooks the folder of the working copy, which is created if necessary
     * @param settings  the folder of JupyterLab's settings
     */
    LabServer(Path notebooks, Path settings) throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var builder = new ProcessBuilder(System.getenv().getOrDefault("APD_PYTHON", "python3"), "-c", HEEDING_CTRL_C, "environment/lab.py",
                "--no-browser", "--port", Integer.toString(port), "--copy", notebooks.toString()).redirectErrorStream(true);
        builder.environment().put("APD_PROFILE", "QUICK");
        builder.environment().put("JUPYTERLAB_SETTINGS_DIR", settings.resolve("settings").toString());
        builder.environment().put("JUPYTERLAB_WORKSPACES_DIR", settings.resolve("workspaces").toString());
        launcher = builder.start();
        var reader = new Thread(this::read, "lab.py's words");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                }
                Matcher matcher = ADDRESS.matcher(line);
                if (matcher.find()) {
                    address.complete(matcher.group());
                }
            }
        } catch (IOException e) {
            // Its end of the pipe is closed when it is killed.
        }
        address.completeExceptionally(new IllegalStateException("lab.py ended and named no address: " + said()));
    }

    /** Waits for the address that it prints, with the token. */
    String address() throws Exception {
        return address.get(MINUTES_TO_START, TimeUnit.MINUTES);
    }

    /** Returns the lines that it has printed. */
    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    /** Returns the server, the kernels, and all other processes that it started. */
    List<ProcessHandle> processes() {
        return launcher.descendants().toList();
    }

    /** Presses Ctrl-C, waits for the end, and returns the processes that are left behind. */
    List<ProcessHandle> interrupt() throws Exception {
        List<ProcessHandle> started = processes();
        new ProcessBuilder("kill", "-INT", Long.toString(launcher.pid())).inheritIO().start().waitFor();
        if (!launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            throw new AssertionError("lab.py still runs " + SECONDS_TO_END + " s after Ctrl-C; it said " + said());
        }
        return started.stream().filter(ProcessHandle::isAlive).toList();
    }

    /** Ends the server and everything it started. */
    @Override
    public void close() throws Exception {
        List<ProcessHandle> started = processes();
        try {
            if (launcher.isAlive()) {
                interrupt();
            }
        } finally {
            started.forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly();
        }
    }
}
