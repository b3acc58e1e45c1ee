package org.apd4j.measures.importance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;

/**
 * How many components are important on natural samples, and how often each is.
 *
 * <pre>{@code
 * var statistics = ImportanceStatistics.of(run, 0);
 * statistics.layers().forEach(layer -> System.out.println(layer.name() + ": L0 " + layer.l0() + ", live " + layer.live()));
 * }</pre>
 *
 * @param threshold the importance above which a component counts as active
 * @param layers    the statistics of each layer; one entry where components are shared by all layers
 */
public record ImportanceStatistics(double threshold, List<Layer> layers) {

    /** The importance above which a component counts as active in the figures of SPD's paper. */
    public static final double ACTIVE = 0.1;
    private static final int SAMPLES = 20_000;
    private static final int TOGETHER = 2_000;

    /** Copies the list. */
    public ImportanceStatistics {
        layers = List.copyOf(layers);
    }

    /**
     * The statistics of a layer's components.
     *
     * @param name      the name of the layer
     * @param l0        the mean number of active components a sample
     * @param frequency for each component, the share of samples on which it is active
     * @param mean      for each component, the mean importance
     */
    public record Layer(String name, double l0, List<Double> frequency, List<Double> mean) {

        /** Copies the lists. */
        public Layer {
            frequency = List.copyOf(frequency);
            mean = List.copyOf(mean);
        }

        /** Returns the number of live components, which are active on at least one sample. */
        public int live() {
            return liveComponents().size();
        }

        /** Returns the live components, in ascending order. */
        public List<Integer> liveComponents() {
            return IntStream.range(0, frequency.size()).filter(c -> frequency.get(c) > 0).boxed().toList();
        }

        /** Returns the indices of the live components. */
        int[] alive() {
            return IntStream.range(0, frequency.size()).filter(c -> frequency.get(c) > 0).toArray();
        }

        /** Returns the spectrum: the mean importances in descending order. */
        public List<Double> spectrum() {
            return mean.stream().sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** Measures a decomposition on 20,000 samples of its target's data, with the threshold {@link #ACTIVE}. */
    public static ImportanceStatistics of(DecompositionSource decomposed, long seed) {
        var context = new MeasurementContext(decomposed);
        List<SparseRows> batches = IntStream.range(0, SAMPLES / TOGETHER)
                .mapToObj(batch -> context.target().data().sample(seed + batch, TOGETHER)).toList();
        return of(context.evaluator(), batches, ACTIVE);
    }

    /** Measures importances on given batches of equal size. */
    static ImportanceStatistics of(Evaluator evaluator, List<SparseRows> batches, double threshold) {
        List<double[]> active = new ArrayList<>();
        List<double[]> sums = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int samples = 0;
        for (SparseRows batch : batches) {
            SoftMask found = evaluator.importanceMask(batch);
            for (int l = 0; l < found.layers(); l++) {
                if (active.size() == l) {
                    active.add(new double[found.layer(l).columns()]);
                    sums.add(new double[found.layer(l).columns()]);
                    names.add(OneHotImportances.name(evaluator, found, l));
                }
                count(found.layer(l), threshold, active.get(l), sums.get(l));
            }
            samples += batch.rows();
        }
        int all = samples;
        return new ImportanceStatistics(threshold, IntStream.range(0, active.size()).mapToObj(l -> new Layer(names.get(l),
                IntStream.range(0, active.get(l).length).mapToDouble(c -> active.get(l)[c]).sum() / all, shares(active.get(l), all),
                shares(sums.get(l), all))).toList());
    }

    private static void count(Matrix importances, double threshold, double[] active, double[] sums) {
        for (int row = 0; row < importances.rows(); row++) {
            for (int c = 0; c < active.length; c++) {
                float value = importances.get(row, c);
                active[c] += value > threshold ? 1 : 0;
                sums[c] += value;
            }
        }
    }

    private static List<Double> shares(double[] sums, int samples) {
        return IntStream.range(0, sums.length).mapToObj(c -> sums[c] / samples).toList();
    }
}
