package org.apd4j.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apd4j.Summarized;
import org.apd4j.Summary;

/**
 * The images of a collection, as read from its files.
 *
 * <pre>{@code
 * LabelledImages cifar = ImageCollection.CIFAR_10.read(Path.of("cifar"));
 * Dataset first = cifar.test().subset(0, 1, 2);
 * System.out.println(cifar.remarks());
 * }</pre>
 *
 * @param collection what was read
 * @param train      the images to train on, values in [0, 1]
 * @param test       the images for tests
 * @param channels   colours of an image: 1 for grey, 3 for red, green and blue
 * @param height     lines of an image
 * @param width      pixels of a line
 * @param remarks    what distinguishes the files from the official ones, a sentence each; empty if they are the official ones, byte for byte, as far as
 *                   their checksums are published
 */
public record LabelledImages(ImageCollection collection, Dataset train, Dataset test, int channels, int height, int width, List<String> remarks)
        implements Summarized {

    /** @throws IllegalArgumentException if training and test images are not of this size */
    public LabelledImages {
        remarks = List.copyOf(remarks);
        for (Dataset data : List.of(train, test)) {
            if (data.features() != channels * height * width) {
                throw new IllegalArgumentException("an image has " + data.features() + " values; " + channels + " × " + height + " × " + width
                        + " would be " + channels * height * width);
            }
        }
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("training images", train.toString());
        entries.put("test images", test.toString());
        entries.put("size", height + " × " + width + (channels == 1 ? ", grey" : ", " + channels + " colours"));
        entries.put("files", remarks.isEmpty() ? "the official ones" : String.join("; ", remarks));
        return new Summary(collection.label(), entries);
    }

    /** The summary as lines of text. */
    @Override
    public String toString() {
        return summary().toString();
    }
}
