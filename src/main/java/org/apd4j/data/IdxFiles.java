package org.apd4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;

/**
 * The reader of {@link ImageCollection#MNIST}. An IDX file begins with the bytes 0, 0, 8 (for unsigned bytes) and the number of dimensions, then the
 * dimensions as four bytes each, the highest first, then the values.
 */
final class IdxFiles {

    private static final int UNSIGNED_BYTES = 0x0800;
    private static final int IMAGES = 3;
    private static final int LABELS = 1;

    /** MD5 checksums of the official files, unpacked; packed again they have others. */
    private enum Part {
        TRAIN_IMAGES("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
        TRAIN_LABELS("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
        TEST_IMAGES("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
        TEST_LABELS("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637");

        private final String file;
        private final String md5;

        Part(String file, String md5) {
            this.file = file;
            this.md5 = md5;
        }
    }

    /**
     * The content of a file.
     *
     * @param sizes the dimensions
     */
    private record Content(Path file, int[] sizes, byte[] values) {
    }

    private final Path folder;
    private final List<String> remarks = new ArrayList<>();

    private IdxFiles(Path folder) {
        this.folder = folder;
    }

    static LabelledImages read(Path folder) throws IOException {
        ImageBytes.requireFolder(folder, ImageCollection.MNIST);
        for (Part part : Part.values()) {
            ImageBytes.require(folder, part.file, ImageCollection.MNIST); // before any is read
        }
        return new IdxFiles(folder).images();
    }

    private LabelledImages images() throws IOException {
        Content trainImages = content(Part.TRAIN_IMAGES, IMAGES);
        Dataset train = data(trainImages, content(Part.TRAIN_LABELS, LABELS));
        Content testImages = content(Part.TEST_IMAGES, IMAGES);
        int[] size = Arrays.copyOfRange(trainImages.sizes, 1, IMAGES);
        if (!Arrays.equals(size, Arrays.copyOfRange(testImages.sizes, 1, IMAGES))) {
            throw new IOException(testImages.file + ": has images of " + testImages.sizes[1] + " × " + testImages.sizes[2] + " pixels, those of "
                    + trainImages.file.getFileName() + " have " + size[0] + " × " + size[1] + "; both files must be of one collection");
        }
        return new LabelledImages(ImageCollection.MNIST, train, data(testImages, content(Part.TEST_LABELS, LABELS)), 1, size[0], size[1], remarks);
    }

    private Content content(Part part, int dimensions) throws IOException {
        Path file = ImageBytes.require(folder, part.file, ImageCollection.MNIST);
        try (InputStream opened = ImageBytes.open(file); DigestInputStream bytes = ImageBytes.digesting(opened)) {
            Content content = new Content(file, sizes(bytes, dimensions), new byte[0]);
            long size = Arrays.stream(content.sizes).asLongStream().reduce(1, Math::multiplyExact);
            if (size > Integer.MAX_VALUE - 16) {
                throw new IllegalArgumentException("has " + shape(content.sizes) + " values according to its header, more than can be read");
            }
            FreeMemory.require(2 * size, file + ": reading its values");
            byte[] values = bytes.readNBytes((int) size);
            if (values.length < size || bytes.read() >= 0) {
                throw new IllegalArgumentException(String.format(Locale.ROOT, "has %s %,d bytes after its header, which announces %s = %,d; download it "
                        + "again", values.length < size ? "only" : "more than", values.length, shape(content.sizes), size));
            }
            String checksum = ImageBytes.checksum(bytes);
            if (!checksum.equals(part.md5)) {
                remarks.add(file.getFileName() + " is not the official file of MNIST (unpacked, its MD5 checksum is " + checksum + ", not " + part.md5
                        + ")");
            }
            return new Content(file, content.sizes, values);
        } catch (IOException | RuntimeException e) {
            throw refused(file, e);
        }
    }

    private static IOException refused(Path file, Exception cause) {
        String said = cause.getMessage();
        return cause instanceof IOException known && said != null && said.startsWith(file.toString()) ? known : Refusal.of(file.toString(), cause);
    }

    private static int[] sizes(InputStream bytes, int dimensions) throws IOException {
        byte[] header = bytes.readNBytes(Integer.BYTES * (1 + dimensions));
        if (header.length < Integer.BYTES || ByteBuffer.wrap(header).getInt() != (UNSIGNED_BYTES | dimensions)) {
            String begins = IntStream.range(0, Math.min(Integer.BYTES, header.length)).mapToObj(i -> Integer.toString(header[i] & 0xFF))
                    .collect(Collectors.joining(" "));
            throw new IllegalArgumentException("is no IDX file of " + (dimensions == IMAGES ? "images" : "labels") + ": it begins with the bytes "
                    + (begins.isEmpty() ? "(none)" : begins) + " instead of 0 0 8 " + dimensions);
        }
        if (header.length < Integer.BYTES * (1 + dimensions)) {
            throw new IllegalArgumentException("ends within its header; download it again");
        }
        ByteBuffer numbers = ByteBuffer.wrap(header, Integer.BYTES, Integer.BYTES * dimensions);
        int[] sizes = IntStream.generate(numbers::getInt).limit(dimensions).toArray();
        if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("has " + shape(sizes) + " values according to its header; every number must be at least 1");
        }
        return sizes;
    }

    private static String shape(int[] sizes) {
        return Arrays.stream(sizes).mapToObj(Integer::toUnsignedString).collect(Collectors.joining(" × "));
    }

    private static Dataset data(Content images, Content labels) throws IOException {
        if (labels.values.length != images.sizes[0]) {
            throw new IOException(labels.file + ": has " + labels.values.length + " labels for the " + images.sizes[0] + " images in "
                    + images.file.getFileName() + "; both files must be of one collection");
        }
        List<String> classes = ImageCollection.MNIST.classes();
        int[] own = new int[labels.values.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = labels.values[i] & 0xFF;
            if (own[i] >= classes.size()) {
                throw new IOException(labels.file + ": the label of image " + i + " is " + own[i] + "; it must be 0 … " + (classes.size() - 1));
            }
        }
        return Dataset.ofPixels(images.values, images.sizes[1] * images.sizes[2], own, classes);
    }
}
