package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The sender of the outputs of cells. It sends them in order, on a thread of its own that is never interrupted.
 *
 * <p>Text is collected for {@value #DELAY_MILLIS} ms or until there is enough of it, so that a hundred thousand lines become about a hundred
 * messages: Jupyter's server drops messages if there are too many of them, or too many bytes, in a short time. A cell that writes faster than that
 * has to wait.
 */
final class Publisher {

    /** The longest time for which text is collected. */
    static final int DELAY_MILLIS = 50;
    /** The number of characters that are sent without further delay. */
    static final int ENOUGH = 8 << 10;
    private static final int MOST_WAITING = 1 << 20;
    /** The window over which Jupyter's server limits the rate, to 1,000,000 bytes and 1,000 messages a second. */
    private static final long WINDOW_NANOS = 3_000_000_000L;
    private static final int MOST_PER_WINDOW = 2_000_000;

    /** The destination of the text that a cell writes. */
    interface Streams {

        /** Sends text of a stream. */
        void text(StreamType type, String text);
    }

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int waiting;
    private boolean sending;
    private int flushes;
    private long windowStart = System.nanoTime();
    private long inWindow;

    /** Text of one stream of one cell, or, if {@code message} is not null, another message. */
    private static final class Piece {

        private final @Nullable Runnable message;
        private final @Nullable StreamType type;
        private final @Nullable Streams cell;
        private final StringBuilder text = new StringBuilder();
        private final long due = System.nanoTime() + DELAY_MILLIS * 1_000_000L;

        Piece(@Nullable Runnable message, @Nullable StreamType type, @Nullable Streams cell) {
            this.message = message;
            this.type = type;
            this.cell = cell;
        }
    }

    Publisher() {
        var thread = new Thread(this::run, "apd4j-publisher");
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends a message after everything that was written before. */
    synchronized void send(Runnable message) {
        pieces.add(new Piece(message, null, null));
        notifyAll();
    }

    /** Adds text to a stream of a cell. Waits while too much text is waiting to be sent, unless the cell is being stopped. */
    synchronized void write(StreamType type, Streams cell, String text) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        try {
            while (waiting > MOST_WAITING && !interrupted) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        @Nullable Piece last = pieces.peekLast();
        if (last == null || last.type != type || last.cell != cell || last.text.length() >= ENOUGH) {
            last = new Piece(null, type, cell);
            pieces.add(last);
        }
        last.text.append(text);
        waiting += text.length();
        notifyAll();
    }

    /** Waits until everything has been sent. */
    synchronized void flush() {
        boolean interrupted = false;
        flushes++;
        notifyAll();
        while (!pieces.isEmpty() || sending) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        flushes--;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            try {
                send(next());
            } catch (RuntimeException e) {
                // the socket is closed, so there is no one to send to
            } catch (InterruptedException e) {
                return;
            } finally {
                sent();
            }
        }
    }

    private synchronized Piece next() throws InterruptedException {
        while (true) {
            @Nullable Piece first = pieces.peekFirst();
            if (first == null) {
                wait();
            } else {
                long left = (first.due - System.nanoTime()) / 1_000_000;
                if (first.message != null || pieces.size() > 1 || flushes > 0 || first.text.length() >= ENOUGH || left <= 0) {
                    sending = true;
                    return pieces.removeFirst();
                }
                wait(left);
            }
        }
    }

    private void send(Piece piece) throws InterruptedException {
        if (piece.message != null) {
            piece.message.run();
            return;
        }
        String text = piece.text.toString();
        for (int from = 0; from < text.length(); ) {
            int to = end(text, from);
            sendSlowly(piece, text.substring(from, to));
            from = to;
        }
    }

    /** Returns the end of the next message within a text; a surrogate pair is not split. */
    private static int end(String text, int from) {
        int to = Math.min(text.length(), from + 8 * ENOUGH);
        return to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
    }

    private void sendSlowly(Piece piece, String text) throws InterruptedException {
        long now = System.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            inWindow = 0;
        }
        if (inWindow > MOST_PER_WINDOW) {
            Thread.sleep((WINDOW_NANOS - (now - windowStart)) / 1_000_000 + 1);
            windowStart = System.nanoTime();
            inWindow = 0;
        }
        inWindow += text.length();
        if (piece.cell != null && piece.type != null) {
            piece.cell.text(piece.type, text);
        }
        synchronized (this) {
            waiting -= text.length();
            notifyAll();
        }
    }

    private synchronized void sent() {
        sending = false;
        notifyAll();
    }
}
