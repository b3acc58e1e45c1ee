package org.apd4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Public collections of labelled images, read from their official files in a folder of the user's. The library neither contains nor downloads them.
 *
 * <pre>{@code
 * LabelledImages mnist = ImageCollection.MNIST.read(Path.of("mnist"));
 * System.out.println(mnist.train());
 * }</pre>
 */
public enum ImageCollection {
    /**
     * Handwritten digits (LeCun, Cortes and Burges): 60,000 images to train on and 10,000 for tests, 28 × 28 pixels in grey. Other collections in the
     * same four files, such as Fashion-MNIST, can be read as well.
     */
    MNIST("MNIST", IntStream.range(0, 10).mapToObj(Integer::toString).toList(), "download train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
            + "t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz from https://ossci-datasets.s3.amazonaws.com/mnist/ (11 MB), and put all four "
            + "into one folder, packed or unpacked"),
    /** Photographs of ten kinds of things (Krizhevsky 2009): 50,000 images to train on and 10,000 for tests, 32 × 32 pixels in three colours. */
    CIFAR_10("CIFAR-10", List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"), "download the binary version, "
            + "cifar-10-binary.tar.gz, from https://www.cs.toronto.edu/~kriz/cifar.html (162 MB), and put it into a folder, packed or unpacked");

    private final String label;
    private final List<String> classes;
    private final String instructions;

    ImageCollection(String label, List<String> classes, String instructions) {
        this.label = label;
        this.classes = classes;
        this.instructions = instructions;
    }

    /** Returns the name for display. */
    public String label() {
        return label;
    }

    /** Returns the names of the classes, in order. */
    public List<String> classes() {
        return classes;
    }

    /** Returns in words which files to download, from where, and where to put them. */
    public String instructions() {
        return instructions;
    }

    /**
     * Reads the images.
     *
     * <p>Files may be packed or not. Headers, sizes, labels and the checksums of packed files must be right, or the file is refused. A file that is
     * sound, but not byte for byte the official one, is read: other collections come in files of the same form and name.
     * {@link LabelledImages#remarks} says so.
     *
     * @param folder MNIST: the folder of the four files {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
     *               {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each as it is or with {@code .gz}; CIFAR-10: the folder of
     *               {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code test_batch.bin}, that of their folder
     *               {@code cifar-10-batches-bin}, or that of the archive {@code cifar-10-binary.tar.gz}
     * @return images with values in [0, 1], line by line; those of CIFAR-10 one colour after the other, red, green and blue
     * @throws IOException if a file is missing, is not of the form, or does not fit the others; the message says which, and what to do
     */
    public LabelledImages read(Path folder) throws IOException {
        return this == MNIST ? IdxFiles.read(folder) : CifarFiles.read(folder);
    }

    @Override
    public String toString() {
        return label;
    }
}
