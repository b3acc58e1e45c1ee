package org.apd4j.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import org.apd4j.data.Dataset;
import org.apd4j.data.SparseFeatures;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.apd4j.training.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class ClassifierTrainingTest {

    private static final List<String> THREE = List.of("a", "b", "c");
    private static final float[][] ROWS = {{1, 0}, {0, 2}, {-1, -1}, {3, 0.5f}};
    private static final int[] CLASSES = {0, 1, 2, 0};

    @TempDir
    Path folder;

    private static Target regression() {
        Network network = Network.builder(2).parameter("w", Role.TRAINED, Matrix.zeros(2, 3)).linear("y", "input", "w", false)
                .softmax("class", "y").build();
        return new Target("regression", network, Dataset.of(ROWS, CLASSES, THREE), Labels.CLASS);
    }

    private static TrainingConfig training(int batch, int steps) {
        return new TrainingConfig(batch, steps, 1e-2, Schedule.constant(), 0);
    }

    @Test
    void crossEntropyAndItsGradientFollowTheFormula() {
        TargetRun run = new TargetRun(regression(), training(4, 1), 0).train();
        assertEquals(Math.log(3), run.loss("cross-entropy"), 1e-6); // all classes are as likely
        Matrix gradient = run.optimizer().gradient("w");
        for (int i = 0; i < 2; i++) {
            for (int o = 0; o < 3; o++) {
                double wanted = 0;
                for (int row = 0; row < 4; row++) {
                    wanted += ROWS[row][i] * (1 / 3.0 - (CLASSES[row] == o ? 1 : 0)) / 4;
                }
                assertEquals(wanted, gradient.get(i, o), 1e-6);
            }
        }
    }

    /** Batches smaller than the data: every label must be that of the row which was drawn. */
    @Test
    void rowsAreLearnedWithTheirOwnLabels() {
        TargetRun run = new TargetRun(regression(), training(2, 1_500), 3).train();
        float[] logits = run.trained().output(Nd4j.create(ROWS)).data().asFloat();
        for (int row = 0; row < 4; row++) {
            float[] own = Arrays.copyOfRange(logits, 3 * row, 3 * row + 3);
            for (int o = 0; o < 3; o++) {
                assertTrue(o == CLASSES[row] || own[o] < own[CLASSES[row]], Arrays.toString(own));
            }
        }
        assertTrue(run.loss("cross-entropy") < 0.05);
    }

    @Test
    void aSavedClassifierTrainingContinuesBitForBit() throws IOException {
        Network network = Network.builder(2).dense("hidden", "input", 5, RandomStream.of(1)).activation("relu", "hidden", Activation.RELU)
                .dense("y", "relu", 3, RandomStream.of(2)).softmax("class", "y").build();
        Target target = new Target("small", network, Dataset.of(ROWS, CLASSES, THREE), Labels.CLASS);
        TargetRun whole = new TargetRun(target, training(3, 40), 1).train();
        new TargetRun(target, training(3, 40), 1).train(17).save(folder.resolve("half.npz"));
        TargetRun half = TargetRun.load(folder.resolve("half.npz"));
        assertEquals("small", half.trained().name());
        Dataset data = (Dataset) half.trained().data();
        assertEquals(THREE, data.classes());
        half.train().save(folder.resolve("end.npz"));
        whole.save(folder.resolve("whole.npz"));
        var arrays = new HashMap<>(Npz.read(folder.resolve("whole.npz")));
        var others = new HashMap<>(Npz.read(folder.resolve("end.npz")));
        arrays.remove("run_json");
        others.remove("run_json");
        assertEquals(arrays, others);
        assertTrue(arrays.containsKey("data.values") && arrays.containsKey("data.labels"));
    }

    @Test
    void aDamagedLabelInAFileIsNamed() throws IOException {
        Path file = folder.resolve("run.npz");
        new TargetRun(regression(), training(2, 3), 1).train(1).save(file);
        var arrays = new LinkedHashMap<>(Npz.read(file));
        arrays.put("data.labels", NpyArray.of(new int[] {0, 1, 7, 0}, 4));
        Npz.write(file, arrays);
        assertEquals(file + ": is inconsistent: the label of row 2 is 7; it must be 0 … 2",
                assertThrows(IOException.class, () -> TargetRun.load(file)).getMessage());
    }

    @Test
    void classLabelsNeedLabelledData() {
        Network network = regression().network();
        assertEquals("labels are CLASS, which needs a Dataset with labels; the data is 4 rows of 2 values",
                assertThrows(IllegalArgumentException.class, () -> new Target("t", network, Dataset.of(ROWS), Labels.CLASS)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Target("t", network, new SparseFeatures(2, 0.5, 0, 1), Labels.CLASS));
        assertEquals("the data has 4 classes, the network has 3 outputs; a classifier needs one output for each class", assertThrows(IllegalArgumentException.class,
                () -> new Target("t", network, Dataset.of(ROWS, CLASSES, List.of("a", "b", "c", "d")), Labels.CLASS)).getMessage());
    }
}
