package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.channels.ReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The standard streams of cells. What a thread writes after its cell has ended goes to the cell that ran last. */
final class CellIO extends JupyterIO {

    private final Publisher publisher;
    private volatile @Nullable CellEnvironment cell;

    CellIO(Publisher publisher) {
        this.publisher = publisher;
    }

    /**
     * Begins a cell.
     *
     * @param mayAsk whether the cell may read from standard input
     */
    void begin(CellEnvironment newCell, boolean mayAsk) {
        cell = newCell;
        setEnv(newCell);
        setJupyterInEnabled(mayAsk);
    }

    /** Returns the running cell, or the last one, or null before the first. */
    @Nullable ReplyEnvironment cell() {
        return cell;
    }

    /** Displays data in the cell. */
    void display(DisplayData data) {
        @Nullable ReplyEnvironment current = cell;
        if (current != null) {
            current.publish(new PublishDisplayData(data));
        }
    }

    /** Writes text to a stream of the cell. */
    void write(StreamType type, String text) {
        @Nullable CellEnvironment current = cell;
        if (current != null) {
            publisher.write(type, current, text);
        }
    }

    /** Replaces the standard streams of the JVM. */
    void becomeSystemStreams() {
        System.setOut(stream(StreamType.OUT, System.out));
        System.setErr(stream(StreamType.ERR, System.err));
        System.setIn(in);
    }

    private PrintStream stream(StreamType type, PrintStream beforeTheFirstCell) {
        return new PrintStream(new CellStream(text -> {
            @Nullable CellEnvironment current = cell;
            if (current == null) {
                beforeTheFirstCell.print(text);
            } else {
                publisher.write(type, current, text);
            }
        }), true, StandardCharsets.UTF_8);
    }

    /** A stream that decodes each write to one piece of text; a character that is split between two writes belongs to the second. */
    private static final class CellStream extends OutputStream {

        private final Consumer<String> text;
        private final Utf8 decoder = new Utf8();

        CellStream(Consumer<String> text) {
            this.text = text;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            String decoded = decoder.decode(bytes, offset, length);
            if (!decoded.isEmpty()) {
                text.accept(decoded);
            }
        }
    }
}
