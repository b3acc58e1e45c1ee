package org.apd4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.internal.Json;

/**
 * The file format of a run's result: its states at some steps, usually the last one alone, and its losses.
 *
 * <pre>
 * states.steps, states.seconds   &lt;i4, &lt;f8  [states] when each state was reached
 * states.losses                  &lt;f8       [states, losses] the losses at the last step before
 * history.steps, history.values  &lt;i4, &lt;f4  [n], [losses, n] the losses at some steps, at most {@value #RECORDS}
 * state.[step].[array]                      the arrays of a state, which the kind of run chooses
 * </pre>
 */
final class ResultFile {

    static final String FORMAT = "apd4j result of a run";
    static final int VERSION = 1;
    /** The largest number of recorded losses, enough for a figure. */
    static final int RECORDS = 500;
    private static final String STEPS = "states.steps";
    private static final String SECONDS = "states.seconds";
    private static final String LOSSES = "states.losses";
    private static final String HISTORY_STEPS = "history.steps";
    private static final String HISTORY_VALUES = "history.values";
    private static final Json JSON = new Json(Map.of());

    /**
     * The description in a file.
     *
     * @param name        the run's name
     * @param fingerprint of all that the result depends on, see {@link Saveable#fingerprint}
     * @param settings    for people
     * @param steps       the number of steps of the whole run
     * @param note        what sets the arrays apart from the run's own values; empty if nothing does
     */
    record Description(String format, int version, String name, String fingerprint, String settings, Results.Origin origin, Provenance provenance,
                       List<String> losses, int steps, String note) {
    }

    /** A state of a run. Its losses are those of the last step, in the order of the history. */
    record State(int step, double seconds, double[] losses, Map<String, NpyArray> arrays) {
    }

    /** Losses at some steps, {@code values [losses][steps]}. */
    record Records(int[] steps, double[][] values) {

        /** Returns the losses of a run, every second one, or fourth and so on, if there are too many. */
        static Records of(LossHistory history) {
            int[] all = history.steps();
            int every = 1;
            while ((all.length + every - 1) / every > RECORDS) {
                every *= 2;
            }
            int stride = every;
            int count = (all.length + every - 1) / every;
            int[] steps = new int[count];
            Arrays.setAll(steps, i -> all[i * stride]);
            double[][] values = new double[history.names().size()][count];
            for (int l = 0; l < values.length; l++) {
                double[] own = history.values(history.names().get(l));
                Arrays.setAll(values[l], i -> own[i * stride]);
            }
            return new Records(steps, values);
        }

        /** Returns those before a step. */
        Records before(int step) {
            int count = (int) Arrays.stream(steps).takeWhile(own -> own < step).count();
            return new Records(Arrays.copyOf(steps, count), Arrays.stream(values).map(own -> Arrays.copyOf(own, count)).toArray(double[][]::new));
        }
    }

    private final Description description;
    private final Records records;
    private final Map<Integer, State> states;
    private final Map<Integer, ArrayFile> parts;

    private ResultFile(Description description, Records records, Map<Integer, State> states, Map<Integer, ArrayFile> parts) {
        this.description = description;
        this.records = records;
        this.states = states;
        this.parts = parts;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it is damaged or holds something else; the message names it
     */
    static ResultFile read(Path file) throws IOException {
        return ArrayFile.read(file, JSON, FORMAT, VERSION, ResultFile::take);
    }

    /** Returns what a file says about itself, without reading its arrays. */
    static Description describe(Path file) throws IOException {
        return ArrayFile.describe(file, JSON, FORMAT, VERSION, Description.class);
    }

    private static ResultFile take(ArrayFile file) throws IOException {
        Description description = file.description(Description.class);
        int losses = description.losses().size();
        int count = file.length(STEPS);
        int[] steps = ints(file.take(STEPS, NpyArray.Type.INT32, count));
        double[] seconds = file.take(SECONDS, NpyArray.Type.FLOAT64, count).toDoubles();
        double[] last = file.take(LOSSES, NpyArray.Type.FLOAT64, count, losses).toDoubles();
        int recorded = file.length(HISTORY_STEPS);
        if (recorded > LossHistory.CAPACITY) {
            throw file.wrong(HISTORY_STEPS, "holds " + recorded + " steps, more than " + LossHistory.CAPACITY);
        }
        int[] recordedSteps = ints(file.take(HISTORY_STEPS, NpyArray.Type.INT32, recorded));
        double[] values = file.take(HISTORY_VALUES, NpyArray.Type.FLOAT32, losses, recorded).toDoubles();
        double[][] byLoss = new double[losses][];
        Arrays.setAll(byLoss, l -> Arrays.copyOfRange(values, l * recorded, (l + 1) * recorded));
        Map<Integer, State> states = new TreeMap<>();
        Map<Integer, ArrayFile> parts = new TreeMap<>();
        for (int s = 0; s < count; s++) {
            if (steps[s] < 1 || steps[s] > description.steps()) {
                throw file.wrong(STEPS, "holds " + steps[s] + "; the run has " + description.steps() + " steps");
            }
            ArrayFile part = file.takePart(prefix(steps[s]));
            parts.put(steps[s], part);
            states.put(steps[s], new State(steps[s], seconds[s], Arrays.copyOfRange(last, s * losses, (s + 1) * losses), part.left()));
        }
        file.checkNothingLeft();
        return new ResultFile(description, new Records(recordedSteps, byLoss), states, parts);
    }

    private static int[] ints(NpyArray array) {
        return Arrays.stream(array.toLongs()).mapToInt(Math::toIntExact).toArray();
    }

    private static String prefix(int step) {
        return "state." + step + ".";
    }

    /** Writes a file, or replaces it. */
    static void write(Path file, Description description, Records records, Map<Integer, State> states) throws IOException {
        int losses = description.losses().size();
        List<State> sorted = new TreeMap<>(states).values().stream().toList();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put(STEPS, NpyArray.of(sorted.stream().mapToInt(State::step).toArray(), sorted.size()));
        arrays.put(SECONDS, NpyArray.of(sorted.stream().mapToDouble(State::seconds).toArray(), sorted.size()));
        arrays.put(LOSSES, NpyArray.of(sorted.stream().flatMapToDouble(state -> Arrays.stream(state.losses())).toArray(), sorted.size(), losses));
        arrays.put(HISTORY_STEPS, NpyArray.of(records.steps(), records.steps().length));
        float[] values = new float[losses * records.steps().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) records.values()[i / records.steps().length][i % records.steps().length];
        }
        arrays.put(HISTORY_VALUES, NpyArray.of(values, losses, records.steps().length));
        sorted.forEach(state -> state.arrays().forEach((name, array) -> arrays.put(prefix(state.step()) + name, array)));
        ArrayFile.writeCompressed(file, JSON, description, arrays, ResultFile::take);
    }

    Description description() {
        return description;
    }

    /** Returns the losses at some steps. */
    Records records() {
        return records;
    }

    /** Returns the states by step, in ascending order. */
    Map<Integer, State> states() {
        return states;
    }

    /** Returns the state at a step; empty if it is not in the file. */
    Optional<State> state(int step) {
        return Optional.ofNullable(states.get(step));
    }

    /** Returns the arrays of a state, to be taken. */
    ArrayFile part(State state) {
        return Objects.requireNonNull(parts.get(state.step()), "every state has a part");
    }

    /** Returns the provenance of a state. */
    Provenance provenance(State state) {
        Provenance whole = description.provenance();
        return new Provenance(whole.seed(), state.step(), state.seconds(), whole.threads(), whole.library(), whole.java(), whole.system());
    }
}
