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

/** Where cells write to and read from. What a thread writes when its cell has ended belongs to the cell that ran last. */
final class CellIO extends JupyterIO {

    private final Publisher publisher;
    private volatile CellEnvironment cell;

    CellIO(Publisher publisher) {
        this.publisher = publisher;
    }

    void begin(CellEnvironment newCell, boolean mayAsk) {
        cell = newCell;
        setEnv(newCell);
        setJupyterInEnabled(mayAsk);
    }

    ReplyEnvironment cell() {
        return cell;
    }

    void display(DisplayData data) {
        ReplyEnvironment current = cell;
        if (current != null) {
            current.publish(new PublishDisplayData(data));
        }
    }

    void write(StreamType type, String text) {
        publisher.write(type, cell, text);
    }

    void becomeSystemStreams() {
        System.setOut(stream(StreamType.OUT, System.out));
        System.setErr(stream(StreamType.ERR, System.err));
        System.setIn(in);
    }

    private PrintStream stream(StreamType type, PrintStream beforeTheFirstCell) {
        return new PrintStream(new CellStream(text -> {
            CellEnvironment current = cell;
            if (current == null) {
                beforeTheFirstCell.print(text);
            } else {
                publisher.write(type, current, text);
            }
        }), true, StandardCharsets.UTF_8);
    }

    /** Bytes become text in one piece per write, a character that is cut in two by a write in the next. */
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
