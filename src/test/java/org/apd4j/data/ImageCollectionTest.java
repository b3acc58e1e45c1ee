package org.apd4j.data;

import static org.apd4j.testsupport.ImageFolders.TEST_IMAGES;
import static org.apd4j.testsupport.ImageFolders.TEST_LABELS;
import static org.apd4j.testsupport.ImageFolders.TRAIN_IMAGES;
import static org.apd4j.testsupport.ImageFolders.TRAIN_LABELS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.math.SparseRows;
import org.apd4j.testsupport.ImageFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCollectionTest {

    @TempDir
    Path folder;

    /** The same pixels, as a data set that stores its values. */
    private static Dataset plain(byte[] pixels, int width, int[] labels, List<String> classes) {
        float[][] rows = new float[pixels.length / width][width];
        for (int i = 0; i < pixels.length; i++) {
            rows[i / width][i % width] = (pixels[i] & 0xFF) / 255f;
        }
        return Dataset.of(rows, labels, classes);
    }

    private static int[] cycling(int count) {
        return IntStream.range(0, count).map(i -> i % 10).toArray();
    }

    private static void pack(Path file) throws IOException {
        Files.write(file.resolveSibling(file.getFileName() + ".gz"), ImageFolders.packed(Files.readAllBytes(file)));
        Files.delete(file);
    }

    @Test
    void filesOfMnistAreReadPackedOrNot() throws IOException {
        ImageFolders.mnist(folder, 23, 11, 6, 5);
        LabelledImages plain = ImageCollection.MNIST.read(folder);
        assertEquals(plain(ImageFolders.pixels(23 * 30, 1), 30, cycling(23), ImageCollection.MNIST.classes()), plain.train());
        assertEquals(plain(ImageFolders.pixels(11 * 30, 2), 30, cycling(11), ImageCollection.MNIST.classes()), plain.test());
        assertEquals(List.of(1, 6, 5), List.of(plain.channels(), plain.height(), plain.width()));
        for (String name : List.of(TRAIN_IMAGES, TEST_LABELS)) {
            pack(folder.resolve(name));
        }
        LabelledImages packed = ImageCollection.MNIST.read(folder);
        assertEquals(plain.train(), packed.train());
        assertEquals(plain.test(), packed.test());
        assertEquals(4, packed.remarks().size());
        assertTrue(packed.remarks().get(0).matches("train-images-idx3-ubyte.gz is not the official file of MNIST \\(unpacked, its MD5 checksum is "
                + "[0-9a-f]{32}, not 6bbc9ace898e44ae57da46a324031adb\\)"), packed.remarks().toString());
    }

    @Test
    void batchesOfCifarAreReadAsFilesInTheirFolderOrInTheArchive() throws IOException {
        ImageFolders.cifar(folder.resolve("plain"), 12);
        LabelledImages plain = ImageCollection.CIFAR_10.read(folder.resolve("plain"));
        assertEquals(60, plain.train().size());
        assertEquals(12, plain.test().size());
        byte[] third = ImageFolders.batch(12, 3);
        Dataset expected = plain(Arrays.copyOfRange(third, 3_073 + 1, 2 * 3_073), 3_072, new int[] {1}, ImageCollection.CIFAR_10.classes());
        assertEquals(expected, plain.train().subset(2 * 12 + 1));
        assertEquals("automobile", plain.train().classes().get(plain.train().label(25)));
        assertTrue(plain.remarks().contains("data_batch_3.bin has 12 images, an official batch has 10,000"), plain.remarks().toString());

        ImageFolders.cifar(folder.resolve("whole").resolve("cifar-10-batches-bin"), 12);
        pack(folder.resolve("whole").resolve("cifar-10-batches-bin").resolve("data_batch_2.bin"));
        LabelledImages whole = ImageCollection.CIFAR_10.read(folder.resolve("whole"));
        Path archived = Files.createDirectories(folder.resolve("archived"));
        Files.write(archived.resolve("cifar-10-binary.tar.gz"), ImageFolders.archive(12));
        LabelledImages archive = ImageCollection.CIFAR_10.read(archived);
        for (LabelledImages other : List.of(whole, archive)) {
            assertEquals(plain.train(), other.train());
            assertEquals(plain.test(), other.test());
        }
        assertTrue(archive.remarks().get(0).startsWith("cifar-10-binary.tar.gz is not the official archive (its MD5 checksum is "),
                archive.remarks().toString());
    }

    /** Storage does not change what a data set is: fingerprints of runs depend on it. */
    @Test
    void pixelsStoredAsBytesBehaveAsValues() throws IOException {
        ImageFolders.mnist(folder, 2_100, 10, 3, 3);
        Dataset bytes = ImageCollection.MNIST.read(folder).train();
        Dataset values = plain(ImageFolders.pixels(2_100 * 9, 1), 9, cycling(2_100), ImageCollection.MNIST.classes());
        assertEquals(values, bytes);
        assertEquals(bytes, values);
        assertEquals(values.hashCode(), bytes.hashCode());
        assertNotEquals(values.subset(IntStream.range(0, 2_099).toArray()), bytes);
        float[][] changed = IntStream.range(0, 2_100).mapToObj(values::row).toArray(float[][]::new);
        changed[2_099][8] = changed[2_099][8] == 0 ? 1 : 0;
        assertNotEquals(Dataset.of(changed, values.labels(), values.classes()), bytes);
        assertArrayEquals(values.mean().toFloatVector(), bytes.mean().toFloatVector());
        SparseRows one = new SparseRows(9);
        SparseRows other = new SparseRows(9);
        for (int batch = 0; batch < 100; batch++) {
            values.batch(3, 4, batch, 64, one);
            bytes.batch(3, 4, batch, 64, other);
            assertTrue(one.hasEntriesOf(other), "batch " + batch);
        }
        assertEquals(values.subset(5, 2, 7), bytes.subset(5, 2, 7));
    }

    private String refused(ImageCollection collection) {
        String said = assertThrows(IOException.class, () -> collection.read(folder)).getMessage();
        assertEquals(1, said.lines().count(), said);
        return said;
    }

    private void refused(ImageCollection collection, String name, byte[] content, String sentence) throws IOException {
        Path file = folder.resolve(name);
        byte[] before = Files.readAllBytes(file);
        Files.write(file, content);
        String said = refused(collection);
        assertTrue(said.startsWith(file + ": ") && said.contains(sentence), said);
        Files.write(file, before);
    }

    @Test
    void missingFilesAreNamedWithWhatToDownloadAndWhere() throws IOException {
        String nothing = assertThrows(IOException.class, () -> ImageCollection.MNIST.read(folder.resolve("none"))).getMessage();
        assertTrue(nothing.contains("there is no such folder; for MNIST, download train-images-idx3-ubyte.gz, "), nothing);
        String empty = refused(ImageCollection.MNIST);
        assertTrue(empty.contains(TRAIN_IMAGES + ": there is no such file, nor one with the ending .gz; for MNIST, download"), empty);
        ImageFolders.mnist(folder, 3, 3, 2, 2);
        Files.delete(folder.resolve(TEST_LABELS));
        assertTrue(refused(ImageCollection.MNIST).contains(TEST_LABELS + ": there is no such file"));
        String file = assertThrows(IOException.class, () -> ImageCollection.MNIST.read(folder.resolve(TRAIN_IMAGES))).getMessage();
        assertTrue(file.contains("give the folder that the files of MNIST are in"), file);

        String cifar = refused(ImageCollection.CIFAR_10);
        assertTrue(cifar.contains("neither batches of CIFAR-10 nor their archive in this folder; download the binary version, cifar-10-binary.tar.gz"),
                cifar);
        Files.write(folder.resolve("cifar-10-python.tar.gz"), new byte[9]);
        assertTrue(refused(ImageCollection.CIFAR_10).contains("(the version for Python cannot be read); download the binary version"));
        ImageFolders.cifar(folder, 2);
        Files.delete(folder.resolve("data_batch_4.bin"));
        assertTrue(refused(ImageCollection.CIFAR_10).contains("data_batch_4.bin: there is no such file"));
    }

    @Test
    void filesOfMnistThatAreNotSoundAreRefused() throws IOException {
        ImageFolders.mnist(folder, 20, 10, 4, 4);
        byte[] images = Files.readAllBytes(folder.resolve(TRAIN_IMAGES));
        refused(ImageCollection.MNIST, TRAIN_IMAGES, Files.readAllBytes(folder.resolve(TRAIN_LABELS)),
                "is no IDX file of images: it begins with the bytes 0 0 8 1 instead of 0 0 8 3");
        refused(ImageCollection.MNIST, TRAIN_IMAGES, new byte[0], "it begins with the bytes (none)");
        refused(ImageCollection.MNIST, TRAIN_IMAGES, Arrays.copyOf(images, 9), "ends within its header");
        refused(ImageCollection.MNIST, TRAIN_IMAGES, Arrays.copyOf(images, images.length - 1),
                "has only 319 bytes after its header, which announces 20 × 4 × 4 = 320; download it again");
        refused(ImageCollection.MNIST, TRAIN_IMAGES, Arrays.copyOf(images, images.length + 1), "has more than 320 bytes after its header");
        refused(ImageCollection.MNIST, TRAIN_IMAGES, ImageFolders.idx(new int[] {20, 0, 4}, new byte[0]), "every number must be at least 1");
        refused(ImageCollection.MNIST, TRAIN_IMAGES, ImageFolders.idx(new int[] {60_000, 28_000, 2_800}, new byte[0]), "more than can be read");
        refused(ImageCollection.MNIST, TRAIN_LABELS, ImageFolders.idx(new int[] {19}, ImageFolders.labels(19)), "has 19 labels for the 20 images in");
        byte[] labels = ImageFolders.labels(20);
        labels[7] = (byte) 200;
        refused(ImageCollection.MNIST, TRAIN_LABELS, ImageFolders.idx(new int[] {20}, labels), "the label of image 7 is 200; it must be 0 … 9");
        refused(ImageCollection.MNIST, TEST_IMAGES, ImageFolders.idx(new int[] {10, 2, 8}, new byte[160]), "has images of 2 × 8 pixels, those of");
        pack(folder.resolve(TRAIN_IMAGES));
        byte[] packed = Files.readAllBytes(folder.resolve(TRAIN_IMAGES + ".gz"));
        refused(ImageCollection.MNIST, TRAIN_IMAGES + ".gz", Arrays.copyOf(packed, packed.length - 20), "");
        refused(ImageCollection.MNIST, TRAIN_IMAGES + ".gz", images, "");
        packed[packed.length - 5] ^= 1;
        refused(ImageCollection.MNIST, TRAIN_IMAGES + ".gz", packed, "Corrupt GZIP trailer");
    }

    @Test
    void filesThatAreNoBatchesOfCifarAreRefused() throws IOException {
        ImageFolders.cifar(folder, 4);
        byte[] batch = ImageFolders.batch(4, 1);
        refused(ImageCollection.CIFAR_10, "data_batch_2.bin", Arrays.copyOf(batch, batch.length - 1), "is no batch of CIFAR-10: it has 12,291 bytes, which "
                + "is not a number of images from 1 to 50,000 of 3,073 bytes each; download the binary version");
        refused(ImageCollection.CIFAR_10, "data_batch_2.bin", new byte[0], "it has 0 bytes");
        batch[3 * 3_073] = 10;
        refused(ImageCollection.CIFAR_10, "test_batch.bin", batch, "is no batch of CIFAR-10: the class of image 3 is 10; it must be 0 … 9");
        for (int number = 1; number <= 6; number++) {
            Files.delete(folder.resolve(ImageFolders.batchName(number)));
        }
        Path archive = folder.resolve("cifar-10-binary.tar.gz");
        Files.write(archive, ImageFolders.archive(4));
        refused(ImageCollection.CIFAR_10, "cifar-10-binary.tar.gz", ImageFolders.packed(new byte[1_024]), "has no data_batch_1.bin; download");
        refused(ImageCollection.CIFAR_10, "cifar-10-binary.tar.gz", ImageFolders.packed(ImageFolders.pixels(1_024, 5)), "is no tar archive");
        byte[] whole = Files.readAllBytes(archive);
        refused(ImageCollection.CIFAR_10, "cifar-10-binary.tar.gz", Arrays.copyOf(whole, whole.length / 2), "");
    }

    @Test
    void imagesOfAnotherSizeThanTheyClaimAreRefused() throws IOException {
        LabelledImages images = ImageCollection.MNIST.read(ImageFolders.mnist(folder, 3, 3, 2, 2));
        assertTrue(images.toString().contains("2 × 2, grey"), images.toString());
        assertEquals("an image has 4 values; 1 × 2 × 3 would be 6", assertThrows(IllegalArgumentException.class, () -> new LabelledImages(
                ImageCollection.MNIST, images.train(), images.test(), 1, 2, 3, List.of())).getMessage());
    }
}
