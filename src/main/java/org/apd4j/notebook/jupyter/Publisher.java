package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends what cells show, in the order of its making and from a thread of its own, which no stop ever reaches.
 *
 * <p>Text is gathered for {@value #DELAY_MILLIS} ms or until there is enough of it, so that a hundred thousand lines are some hundred messages;
 * Jupyter's server drops messages of those who send too many, or too much at once. A cell that writes faster than can be sent waits.
 */
final class Publisher {

    static final int DELAY_MILLIS = 50;
    static final int ENOUGH = 8 << 10;
    private static final int MOST_WAITING = 1 << 20;
    /** Jupyter's server counts over three seconds and allows 1,000,000 bytes and 1,000 messages in each. */
    private static final long WINDOW_NANOS = 3_000_000_000L;
    private static final int MOST_PER_WINDOW = 2_000_000;

    /** Where the text of a cell's streams goes. */
    interface Streams {

        void text(StreamType type, String text);
    }

    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int waiting;
    private boolean sending;
    private int flushes;
    private long windowStart = System.nanoTime();
    private long inWindow;

    /** Text of one stream of one cell, or something else to send, with no text. */
    private static final class Piece {

        private final Runnable message;
        private final StreamType type;
        private final Streams cell;
        private final StringBuilder text = new StringBuilder();
        private final long due = System.nanoTime() + DELAY_MILLIS * 1_000_000L;

        Piece(Runnable message, StreamType type, Streams cell) {
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

    /** Sends a message behind all that was written before. */
    synchronized void send(Runnable message) {
        pieces.add(new Piece(message, null, null));
        notifyAll();
    }

    /** Adds text to a stream of a cell. Waits while too much is on its way; but not where the cell is being stopped. */
    synchronized void write(StreamType type, Streams cell, String text) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        try {
            while (waiting > MOST_WAITING && !interrupted) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Piece last = pieces.peekLast();
        if (last == null || last.type != type || last.cell != cell || last.text.length() >= ENOUGH) {
            last = new Piece(null, type, cell);
            pieces.add(last);
        }
        last.text.append(text);
        waiting += text.length();
        notifyAll();
    }

    /** Returns when everything that was handed over before is sent. */
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
                // a socket that was closed: nobody listens any more
            } catch (InterruptedException e) {
                return;
            } finally {
                sent();
            }
        }
    }

    private synchronized Piece next() throws InterruptedException {
        while (true) {
            Piece first = pieces.peekFirst();
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

    /** Where a message of some text ends: not within a character. */
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
        piece.cell.text(piece.type, text);
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
