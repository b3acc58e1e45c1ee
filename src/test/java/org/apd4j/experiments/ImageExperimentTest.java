package org.apd4j.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apd4j.data.Dataset;
import org.apd4j.data.HandwrittenDigits;
import org.apd4j.data.ImageCollection;
import org.apd4j.data.LabelledImages;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.measures.classification.Confusion;
import org.apd4j.targets.TargetRun;
import org.apd4j.testsupport.ImageFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageExperimentTest {

    @TempDir
    Path folder;

    @Test
    void classifierOfRealDigitsIsRightAndItsBasisNeedsFewerEdgesThanPrincipalComponents() {
        Dataset.Split split = HandwrittenDigits.read().split(0.75, 0);
        ImageExperiment experiment = ImageExperiment.digits();
        TargetRun run = experiment.target("digits", split.train(), 0).train();
        assertTrue(Confusion.of(run.trained(), split.test()).accuracy() > 0.94);
        BasisComparison both = experiment.compare(run.trained(), split.train(), split.test());
        assertEquals(Confusion.of(run.trained(), split.test()).accuracy(), both.base(), 1e-12);
        assertTrue(both.edgesRequired(BasisComparison.LIB) < both.edgesRequired(BasisComparison.PCA), both.toString());
    }

    @Test
    void startsDifferInWeightsAndImagesAndAreThoseOfTheirSeeds() {
        ImageExperiment small = ImageExperiment.digits().with(e -> {
            e.hidden = List.of(6);
            e.epochs = 3;
        });
        List<BasisComparison> starts = small.compareStarts(HandwrittenDigits.read(), 0.75, 2);
        assertEquals(2, starts.size());
        Dataset.Split split = HandwrittenDigits.read().split(0.75, 1);
        BasisComparison alone = small.compare(small.target("alone", split.train(), 1).train().trained(), split.train(), split.test());
        assertEquals(alone.base(), starts.get(1).base());
        assertEquals(alone.edgesRequired(BasisComparison.LIB), starts.get(1).edgesRequired(BasisComparison.LIB));
        assertTrue(starts.get(0).base() != starts.get(1).base(), "both starts have the accuracy " + alone.base());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> small.compareStarts(HandwrittenDigits.read(), 0.75, 0)).getMessage()
                .contains("the number of starts is 0"));
    }

    @Test
    void settingsAreThoseOfThePaper() {
        ImageExperiment paper = ImageExperiment.paper();
        assertEquals(List.of(List.of(100, 100), 12, 64, 1e-3), List.of(paper.hidden(), paper.epochs(), paper.batch(), paper.learningRate()));
        assertEquals(List.of("input", "layers.1", "layers.2", "output"), paper.nodeLayers());
        Dataset train = HandwrittenDigits.read();
        TargetRun run = paper.target("digits", train, 3);
        assertEquals((12 * 1_797 + 63) / 64, run.config().steps());
        assertEquals(0, run.config().weightDecay());
        double largest = run.trained().weights("hidden.1.weight").amaxNumber().doubleValue();
        assertTrue(largest <= 1 / 8.0 && largest > 0.99 / 8, "uniform in ±1/√64: " + largest);
        double bias = run.trained().weights("logits.bias").amaxNumber().doubleValue();
        assertTrue(bias > 0 && bias <= 0.1, "uniform in ±1/√100: " + bias);
    }

    /** Files in the form of MNIST and of CIFAR-10 go the whole way; random images have nothing to be learned. */
    @Test
    void collectionsFromAFolderAreTrainedOnAndCompared() throws Exception {
        ImageExperiment small = ImageExperiment.paper().with(e -> {
            e.hidden = List.of(6, 5);
            e.epochs = 2;
            e.testImages = 8;
        });
        LabelledImages images = ImageCollection.MNIST.read(ImageFolders.mnist(folder.resolve("mnist"), 40, 20, 3, 3));
        TargetRun run = small.target("small", images.train(), 0).train();
        BasisComparison both = small.compare(run.trained(), images.train(), images.test());
        assertEquals(0, both.base() * 8 % 1, 1e-9, "judged by 8 images");
        assertEquals(3, both.edges().get(BasisComparison.LIB).size());

        LabelledImages colours = ImageCollection.CIFAR_10.read(ImageFolders.cifar(folder.resolve("cifar"), 4));
        TargetRun ofColours = small.target("small", colours.train(), 0).train();
        String few = assertThrows(IllegalArgumentException.class, () -> small.compare(ofColours.trained(), colours.train(), colours.test())).getMessage();
        assertTrue(few.contains("3073 wide, and the data gives 20 vectors"), few);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ImageExperiment.of(e -> e.epochs = 0)).getMessage().contains("epochs is 0"));
        assertThrows(IllegalArgumentException.class, () -> ImageExperiment.digits().with(e -> e.allowed = -1));
        assertThrows(IllegalArgumentException.class, () -> ImageExperiment.digits().with(e -> e.hidden = List.of(3, 0)));
        Dataset unlabelled = Dataset.of(new float[][] {{1, 2}});
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ImageExperiment.digits().target("x", unlabelled, 0)).getMessage()
                .contains("no labels"));
    }
}
