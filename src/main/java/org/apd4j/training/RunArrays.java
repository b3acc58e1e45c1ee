package org.apd4j.training;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.training.internal.Optimizer;

/**
 * The arrays that a saved run of any kind holds in addition to its parameters:
 *
 * <pre>
 * adam_mean.[block], adam_square.[block]  &lt;f4  the optimiser's moments, in the shape of the block
 * losses                                  &lt;f8  [losses] at the last step; NaN for losses that are off, and before the first step
 * history.steps                           &lt;i4  [n] the recorded steps
 * history.values                          &lt;f8  [losses, n] the losses at these steps
 * history.stride                          &lt;i4  [] the distance of recorded steps
 * </pre>
 *
 * <pre>{@code
 * Map<String, NpyArray> arrays = new LinkedHashMap<>();
 * RunArrays.put(run, new Optimizer(0, Workers.all()), Map.of(), arrays);
 * System.out.println(arrays.keySet());
 * }</pre>
 */
public final class RunArrays {

    private static final String MEAN = "adam_mean.";
    private static final String SQUARE = "adam_square.";
    private static final String LOSSES = "losses";
    private static final String STEPS = "history.steps";
    private static final String VALUES = "history.values";
    private static final String STRIDE = "history.stride";

    private final Map<String, NpyArray> moments = new LinkedHashMap<>();
    private final List<String> lossNames;
    private final Set<String> off = new HashSet<>();
    private final Provenance provenance;
    private double[] losses = {};
    private int stride;
    private int[] steps = {};
    private double[][] values = {};

    private RunArrays(List<String> lossNames, Provenance provenance) {
        this.lossNames = lossNames;
        this.provenance = provenance;
    }

    /**
     * Adds copies of a run's moments and losses to the arrays to be saved. Must be called between two steps.
     *
     * @param shapes the shapes of the optimiser's blocks, by name
     */
    public static void put(Run<?> run, Optimizer optimizer, Map<String, int[]> shapes, Map<String, NpyArray> into) {
        shapes.forEach((block, shape) -> {
            into.put(MEAN + block, NpyArray.of(optimizer.means(block), shape));
            into.put(SQUARE + block, NpyArray.of(optimizer.squares(block), shape));
        });
        LossHistory history = run.history();
        List<String> names = history.names();
        int size = history.size();
        double[] all = new double[names.size() * size];
        for (int i = 0; i < names.size(); i++) {
            System.arraycopy(history.values(names.get(i)), 0, all, i * size, size);
        }
        into.put(LOSSES, NpyArray.of(run.lastLosses(), names.size()));
        into.put(STEPS, NpyArray.of(history.steps(), size));
        into.put(VALUES, NpyArray.of(all, names.size(), size));
        into.put(STRIDE, NpyArray.of(new int[] {history.stride()}));
    }

    /**
     * Takes the arrays out of a file and checks them.
     *
     * @param shapes     the shapes of the optimiser's blocks, by name
     * @param lossNames  the names of the losses, according to the file
     * @param provenance the provenance, according to the file
     * @throws IOException if an array is missing or invalid; the message names it
     */
    public static RunArrays take(ArrayFile file, Map<String, int[]> shapes, List<String> lossNames, Provenance provenance)
            throws IOException {
        RunArrays arrays = new RunArrays(lossNames, provenance);
        int step = provenance.step();
        if (step < 0 || !(provenance.seconds() >= 0) || Double.isInfinite(provenance.seconds())) {
            throw file.wrong(ArrayFile.DESCRIPTION, "claims step " + step + " after " + provenance.seconds() + " seconds");
        }
        for (var block : shapes.entrySet()) {
            for (String prefix : List.of(MEAN, SQUARE)) {
                String name = prefix + block.getKey();
                arrays.moments.put(name, file.takeFinite(name, block.getValue()));
            }
            arrays.checkSquares(file, SQUARE + block.getKey());
        }
        int count = lossNames.size();
        int size = file.length(STEPS);
        arrays.losses = file.take(LOSSES, NpyArray.Type.FLOAT64, count).toDoubles();
        arrays.steps = Arrays.stream(file.take(STEPS, NpyArray.Type.INT32, size).toLongs()).mapToInt(i -> (int) i).toArray();
        arrays.stride = (int) file.take(STRIDE, NpyArray.Type.INT32).toLongs()[0];
        arrays.checkSteps(file, step);
        double[] all = file.take(VALUES, NpyArray.Type.FLOAT64, count, size).toDoubles();
        arrays.values = new double[count][];
        for (int i = 0; i < count; i++) {
            String loss = lossNames.get(i);
            arrays.values[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
            if (isOff(arrays.losses[i], arrays.values[i])) {
                arrays.off.add(loss);
            } else {
                checkFinite(file, VALUES, loss, arrays.values[i]);
                checkFinite(file, LOSSES, loss, arrays.losses[i]);
            }
        }
        return arrays;
    }

    /** Returns whether a loss is off: the first version of the format listed all losses, with NaN throughout for those that were off. */
    private static boolean isOff(double loss, double[] history) {
        return Double.isNaN(loss) && Arrays.stream(history).allMatch(Double::isNaN);
    }

    private void checkSquares(ArrayFile file, String name) throws IOException {
        NpyArray squares = moment(name);
        int at = squares.firstNegative();
        if (at >= 0) {
            throw file.wrong(name, "holds " + squares.toFloats()[at] + "; means of squares cannot be negative");
        }
    }

    private NpyArray moment(String name) {
        return Objects.requireNonNull(moments.get(name), name);
    }

    private void checkSteps(ArrayFile file, int step) throws IOException {
        if (stride < 1 || Integer.bitCount(stride) != 1) {
            throw file.wrong(STRIDE, "holds " + stride + ", which is not a power of 2");
        }
        if (steps.length > LossHistory.CAPACITY) {
            throw file.wrong(STEPS, "holds " + steps.length + " steps, more than " + LossHistory.CAPACITY);
        }
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] < 0 || steps[i] >= step || steps[i] % stride != 0 || i > 0 && steps[i] <= steps[i - 1]) {
                throw file.wrong(STEPS, "holds " + steps[i] + " at (" + i + ",); steps are multiples of " + stride + ", rise, and are below "
                        + step);
            }
        }
    }

    private static void checkFinite(ArrayFile file, String array, String loss, double... values) throws IOException {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw file.wrong(array, "holds " + value + " for the loss '" + loss + "'; every value of it must be finite");
            }
        }
    }

    /**
     * Restores the state of the saved run in a new run, except for its parameters.
     *
     * @throws IllegalArgumentException if the run has other losses, or fewer steps than the saved one has done
     */
    public void restore(Run<?> run, Optimizer optimizer) {
        List<String> names = run.history().names();
        List<String> taken = lossNames.stream().filter(name -> names.contains(name) || !off.contains(name)).toList();
        if (!names.equals(taken)) {
            throw new IllegalArgumentException("its losses are " + lossNames + ", but a run with this configuration has " + names);
        }
        if (provenance.step() > 0 && names.stream().anyMatch(off::contains)) {
            throw new IllegalArgumentException("it holds no values of the losses " + names.stream().filter(off::contains).toList());
        }
        if (provenance.step() > run.steps()) {
            throw new IllegalArgumentException("it is at step " + provenance.step() + " of " + run.steps());
        }
        for (String block : optimizer.names()) {
            moment(MEAN + block).copyTo(optimizer.means(block));
            moment(SQUARE + block).copyTo(optimizer.squares(block));
        }
        int[] kept = names.stream().mapToInt(lossNames::indexOf).toArray();
        run.history().restore(stride, steps, Arrays.stream(kept).mapToObj(i -> values[i]).toArray(double[][]::new));
        run.resumeAt(provenance.step(), provenance.seconds(), Arrays.stream(kept).mapToDouble(i -> losses[i]).toArray());
    }
}
