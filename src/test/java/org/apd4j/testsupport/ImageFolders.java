package org.apd4j.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Small files in the formats of MNIST and CIFAR-10, with random pixels. */
public final class ImageFolders {

    public static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    public static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    public static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    public static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    private ImageFolders() {
    }

    /** Returns an IDX file of unsigned bytes. */
    public static byte[] idx(int[] sizes, byte[] values) {
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
        file.putInt(0x0800 | sizes.length);
        IntStream.of(sizes).forEach(file::putInt);
        return file.put(values).array();
    }

    /** Returns random bytes. */
    public static byte[] pixels(int count, long seed) {
        byte[] values = new byte[count];
        new SplittableRandom(seed).nextBytes(values);
        return values;
    }

    /** Returns the labels 0, 1, … 9, 0, …. */
    public static byte[] labels(int count) {
        byte[] values = new byte[count];
        for (int i = 0; i < count; i++) {
            values[i] = (byte) (i % 10);
        }
        return values;
    }

    /** Writes a folder in the form of MNIST with images of the given size. */
    public static Path mnist(Path folder, int train, int test, int height, int width) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(TRAIN_IMAGES), idx(new int[] {train, height, width}, pixels(train * height * width, 1)));
        Files.write(folder.resolve(TRAIN_LABELS), idx(new int[] {train}, labels(train)));
        Files.write(folder.resolve(TEST_IMAGES), idx(new int[] {test, height, width}, pixels(test * height * width, 2)));
        Files.write(folder.resolve(TEST_LABELS), idx(new int[] {test}, labels(test)));
        return folder;
    }

    /** Returns a batch of CIFAR-10 with random images of the classes 0, 1, … 9, 0, …. */
    public static byte[] batch(int images, long seed) {
        byte[] records = pixels(images * 3_073, seed);
        for (int i = 0; i < images; i++) {
            records[i * 3_073] = (byte) (i % 10);
        }
        return records;
    }

    /** Returns the name of a batch, 1 … 5 for training and 6 for tests. */
    public static String batchName(int number) {
        return number <= 5 ? "data_batch_" + number + ".bin" : "test_batch.bin";
    }

    /** Writes a folder of batches. */
    public static Path cifar(Path folder, int images) throws IOException {
        Files.createDirectories(folder);
        for (int batch = 1; batch <= 6; batch++) {
            Files.write(folder.resolve(batchName(batch)), batch(images, batch));
        }
        return folder;
    }

    /** Returns a packed tar archive of batches in a folder of their own, with another file between them. */
    public static byte[] archive(int images) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(bytes)) {
            packed.write(header("cifar-10-batches-bin/", 0, '5'));
            for (int batch = 1; batch <= 6; batch++) {
                entry(packed, "cifar-10-batches-bin/" + batchName(batch), batch(images, batch));
                if (batch == 2) {
                    entry(packed, "cifar-10-batches-bin/readme.html", "<html></html>".getBytes(StandardCharsets.UTF_8));
                }
            }
            packed.write(new byte[1_024]);
        }
        return bytes.toByteArray();
    }

    private static void entry(GZIPOutputStream packed, String name, byte[] content) throws IOException {
        packed.write(header(name, content.length, '0'));
        packed.write(content);
        packed.write(new byte[Math.floorMod(-content.length, 512)]);
    }

    private static byte[] header(String name, int size, char type) {
        ByteBuffer header = ByteBuffer.allocate(512).put(name.getBytes(StandardCharsets.US_ASCII));
        return header.position(124).put(String.format(Locale.ROOT, "%011o", size).getBytes(StandardCharsets.US_ASCII)).position(156).put((byte) type).array();
    }

    /** Packs bytes with gzip. */
    public static byte[] packed(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(bytes)) {
            packed.write(content);
        }
        return bytes.toByteArray();
    }
}
