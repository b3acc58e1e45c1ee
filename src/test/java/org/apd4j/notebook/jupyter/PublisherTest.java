package org.apd4j.notebook.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Publisher publisher = new Publisher();
    private final Publisher.Streams cell = (type, text) -> sent.add((type == StreamType.OUT ? "o:" : "e:") + text);

    @Test
    void textsStreamsAndMessagesKeepTheirOrder() {
        for (int i = 0; i < 3; i++) {
            publisher.write(StreamType.OUT, cell, "a" + i);
            publisher.write(StreamType.ERR, cell, "b" + i);
            String message = "m" + i;
            publisher.send(() -> sent.add(message));
        }
        publisher.flush();
        assertEquals(List.of("o:a0", "e:b0", "m0", "o:a1", "e:b1", "m1", "o:a2", "e:b2", "m2"), sent);
    }

    @Test
    void manyLinesAreSentInFewMessages() {
        String expected = IntStream.range(0, 20_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        expected.lines().forEach(line -> publisher.write(StreamType.OUT, cell, line + "\n"));
        publisher.flush();
        assertEquals(expected, sent.stream().map(text -> text.substring(2)).collect(Collectors.joining()));
        assertTrue(sent.size() < 500, "messages: " + sent.size());
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        String text = "x" + "😀".repeat(100_000);
        publisher.write(StreamType.OUT, cell, text);
        publisher.flush();
        assertTrue(sent.size() > 1);
        assertTrue(sent.stream().noneMatch(part -> Character.isHighSurrogate(part.charAt(part.length() - 1))));
        assertEquals(text, sent.stream().map(part -> part.substring(2)).collect(Collectors.joining()));
    }

    @Test
    void aMessageThatCannotBeSentIsSkipped() {
        publisher.send(() -> {
            throw new IllegalStateException("the socket is closed");
        });
        publisher.write(StreamType.OUT, cell, "after");
        publisher.flush();
        assertEquals(List.of("o:after"), sent);
    }

    @Test
    void anInterruptedThreadLosesNothingAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        publisher.write(StreamType.OUT, cell, "said while stopped");
        publisher.flush();
        assertTrue(Thread.interrupted());
        assertEquals(List.of("o:said while stopped"), sent);
    }

    @Test
    void outputOfSeveralThreadsIsComplete() throws InterruptedException {
        var started = new CountDownLatch(1);
        List<Thread> writers = IntStream.range(0, 4).mapToObj(i -> new Thread(() -> {
            try {
                started.await();
            } catch (InterruptedException e) {
                return;
            }
            for (int line = 0; line < 500; line++) {
                publisher.write(StreamType.OUT, cell, i + " " + line + "\n");
            }
        })).toList();
        writers.forEach(Thread::start);
        started.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        publisher.flush();
        List<String> lines = sent.stream().map(text -> text.substring(2)).collect(Collectors.joining()).lines().toList();
        for (int i = 0; i < 4; i++) {
            String own = i + " ";
            assertEquals(IntStream.range(0, 500).mapToObj(line -> own + line).toList(), lines.stream().filter(line -> line.startsWith(own)).toList());
        }
    }
}
