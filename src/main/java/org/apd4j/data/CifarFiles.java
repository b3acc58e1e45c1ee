package org.apd4j.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Refusal;

/**
 * The reader of {@link ImageCollection#CIFAR_10}, binary version. A batch is a sequence of images: a byte for the class, then 1,024 bytes each for red,
 * green and blue, line by line.
 */
final class CifarFiles {

    private static final int SIDE = 32;
    private static final int COLORS = 3;
    private static final int PIXELS = COLORS * SIDE * SIDE;
    private static final int RECORD = 1 + PIXELS;
    private static final int OFFICIAL = 10_000;
    /** The largest batch that is read. */
    private static final int MOST = 50_000;
    private static final int BLOCK = 512;
    private static final String FOLDER = "cifar-10-batches-bin";
    private static final String ARCHIVE = "cifar-10-binary.tar.gz";
    private static final String ARCHIVE_MD5 = "c32a1d4ab5d03f1284b67883e8d87530";
    private static final List<String> TRAIN = IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList();
    private static final String TEST = "test_batch.bin";
    private static final List<String> ALL = IntStream.rangeClosed(0, TRAIN.size()).mapToObj(i -> i < TRAIN.size() ? TRAIN.get(i) : TEST).toList();

    private final List<String> remarks = new ArrayList<>();

    private CifarFiles() {
    }

    /**
     * A batch.
     *
     * @param place where it was read, for messages
     */
    private record Batch(String place, byte[] records) {

        int images() {
            return records.length / RECORD;
        }
    }

    static LabelledImages read(Path folder) throws IOException {
        ImageBytes.requireFolder(folder, ImageCollection.CIFAR_10);
        var files = new CifarFiles();
        Map<String, Batch> batches = files.batches(folder);
        Dataset train = data(TRAIN.stream().map(name -> Objects.requireNonNull(batches.remove(name))).toList());
        Dataset test = data(List.of(Objects.requireNonNull(batches.remove(TEST))));
        return new LabelledImages(ImageCollection.CIFAR_10, train, test, COLORS, SIDE, SIDE, files.remarks);
    }

    private Map<String, Batch> batches(Path folder) throws IOException {
        for (Path place : List.of(folder, folder.resolve(FOLDER))) {
            if (ALL.stream().anyMatch(name -> ImageBytes.find(place, name).isPresent())) {
                return unpacked(place);
            }
        }
        Path archive = folder.resolve(ARCHIVE);
        if (Files.isRegularFile(archive)) {
            return archived(archive);
        }
        boolean python = List.of("cifar-10-python.tar.gz", "cifar-10-batches-py", "data_batch_1").stream().anyMatch(name -> Files.exists(folder.resolve(
                name)));
        throw new NoSuchFileException(folder.toString(), null, "there are neither batches of CIFAR-10 nor their archive "
                + (python ? "(the version for Python cannot be read)" : "in this folder") + "; " + ImageCollection.CIFAR_10.instructions());
    }

    private Map<String, Batch> unpacked(Path folder) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String name : ALL) {
            files.put(name, ImageBytes.require(folder, name, ImageCollection.CIFAR_10)); // all, before any is read
        }
        Map<String, Batch> batches = new LinkedHashMap<>();
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            Path file = entry.getValue();
            try (InputStream bytes = ImageBytes.open(file)) {
                batches.put(entry.getKey(), batch("", file, bytes));
            } catch (IOException | RuntimeException e) {
                throw refused(file.toString(), e);
            }
        }
        return batches;
    }

    private static IOException refused(String place, Exception cause) {
        String said = cause.getMessage();
        return cause instanceof IOException known && said != null && said.startsWith(place) ? known : Refusal.of(place, cause);
    }

    /**
     * Reads a batch to the end of its bytes.
     *
     * @param what  what a message begins with, after the name of the file
     * @param place where the bytes come from
     */
    private Batch batch(String what, Path place, InputStream bytes) throws IOException {
        byte[] records = bytes.readNBytes(MOST * RECORD);
        if (records.length == 0 || records.length % RECORD != 0 || bytes.read() >= 0) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, what + "is no batch of CIFAR-10: it has %s%,d bytes, which is not a number of images "
                    + "from 1 to %,d of %,d bytes each; %s", records.length == MOST * RECORD ? "more than " : "", records.length, MOST, RECORD,
                    ImageCollection.CIFAR_10.instructions()));
        }
        for (int image = 0; image < records.length / RECORD; image++) {
            int label = records[image * RECORD] & 0xFF;
            if (label >= ImageCollection.CIFAR_10.classes().size()) {
                throw new IllegalArgumentException(what + "is no batch of CIFAR-10: the class of image " + image + " is " + label + "; it must be 0 … 9");
            }
        }
        Batch batch = new Batch(place.toString(), records);
        if (batch.images() != OFFICIAL) {
            remarks.add(String.format(Locale.ROOT, "%s has %,d images, an official batch has %,d", place.getFileName(), batch.images(), OFFICIAL));
        }
        return batch;
    }

    /** Reads a tar archive: before each file a block with its name and, as octal digits, its size; after it zeros to the end of a block. */
    private Map<String, Batch> archived(Path archive) throws IOException {
        Map<String, Batch> batches = new LinkedHashMap<>();
        try (DigestInputStream packed = ImageBytes.digesting(new BufferedInputStream(Files.newInputStream(archive), 1 << 16));
             InputStream bytes = new GZIPInputStream(packed, 1 << 16)) {
            byte[] header = bytes.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0) {
                long size = octal(header, 124, 12);
                String name = text(header, 0, 100);
                name = name.substring(name.lastIndexOf('/') + 1);
                if (ALL.contains(name)) {
                    if (size > (long) MOST * RECORD) {
                        throw new IllegalArgumentException("its " + name + " has " + size + " bytes, more than a batch of CIFAR-10");
                    }
                    FreeMemory.require(2 * size, archive + ": reading " + name);
                    byte[] content = bytes.readNBytes((int) size);
                    if (content.length < size) {
                        throw new IllegalArgumentException("ends within " + name + "; download it again");
                    }
                    batches.put(name, batch("its " + name + " ", archive.resolveSibling(name), new ByteArrayInputStream(content)));
                } else {
                    skip(bytes, size, name);
                }
                skip(bytes, Math.floorMod(-size, BLOCK), name);
                header = bytes.readNBytes(BLOCK);
            }
            bytes.transferTo(OutputStream.nullOutputStream()); // to the checksum at the end
            packed.transferTo(OutputStream.nullOutputStream());
            String checksum = ImageBytes.checksum(packed);
            if (!checksum.equals(ARCHIVE_MD5)) {
                remarks.add(0, ARCHIVE + " is not the official archive (its MD5 checksum is " + checksum + ", not " + ARCHIVE_MD5 + ")");
            }
            ALL.stream().filter(name -> !batches.containsKey(name)).findFirst().ifPresent(name -> {
                throw new IllegalArgumentException("has no " + name + "; " + ImageCollection.CIFAR_10.instructions());
            });
            return batches;
        } catch (IOException | RuntimeException e) {
            throw refused(archive.toString(), e);
        }
    }

    private static void skip(InputStream bytes, long count, String name) throws IOException {
        long left = count;
        while (left > 0) {
            long skipped = bytes.skip(left);
            if (skipped <= 0 && bytes.read() < 0) {
                throw new IllegalArgumentException("ends within " + name + "; download it again");
            }
            left -= Math.max(1, skipped);
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return Refusal.name(new String(header, from, end - from, StandardCharsets.ISO_8859_1));
    }

    private static long octal(byte[] header, int from, int length) {
        String digits = text(header, from, length).strip();
        if (!digits.matches("[0-7]{1,11}")) {
            throw new IllegalArgumentException("is no tar archive: the size of '" + text(header, 0, 100) + "' is no octal number");
        }
        return Long.parseLong(digits, 8);
    }

    private static Dataset data(List<Batch> batches) throws IOException {
        int count = batches.stream().mapToInt(Batch::images).sum();
        FreeMemory.require((long) count * PIXELS, batches.get(0).place + ": joining the batches");
        byte[] pixels = new byte[Math.multiplyExact(count, PIXELS)];
        int[] labels = new int[count];
        int image = 0;
        for (Batch batch : batches) {
            for (int i = 0; i < batch.images(); i++) {
                labels[image] = batch.records[i * RECORD];
                System.arraycopy(batch.records, i * RECORD + 1, pixels, image * PIXELS, PIXELS);
                image++;
            }
        }
        return Dataset.ofPixels(pixels, PIXELS, labels, ImageCollection.CIFAR_10.classes());
    }
}
