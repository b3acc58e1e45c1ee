package org.apd4j.decomposition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Sampler;
import org.apd4j.decomposition.internal.RankCutArrays;
import org.apd4j.decomposition.internal.RunFingerprint;
import org.apd4j.decomposition.internal.TrainedArrays;
import org.apd4j.io.ArrayFile;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Target;
import org.apd4j.targets.internal.TargetDifference;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Provenance;
import org.apd4j.training.Results;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.internal.Optimizer;
import org.apd4j.training.internal.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The training of a decomposition, by any method.
 *
 * <pre>{@code
 * DecompositionRun<ApdConfig> apd = Apd.decompose(target, ApdConfig.paperTms5to2());
 * apd.train(1_000);
 * System.out.println(apd.step() + " " + apd.loss("faithfulness"));
 * apd.train();
 * }</pre>
 *
 * <p>Batches and initial values depend only on the seed and are the same on every machine. All other numbers may differ in their last digits
 * between machines (BLAS, Java version), but depend neither on the number of threads nor on whether the training was interrupted.
 *
 * @param <S> the type of the method's settings
 */
public final class DecompositionRun<S extends Record & DecompositionSettings> extends Run<DecompositionRun<S>>
        implements DecompositionSource, Saveable<DecompositionRun<S>>, Summarized {

    private static final long BATCHES = 0x6170645f0001L;
    /** The largest number of trained values of a decomposition that is recorded uncut, and in several states. */
    private static final int SMALL = 1 << 14;

    private final DecompositionMethod<S> method;
    private final Target target;
    private final S config;
    private final long seed;
    private final Workers workers;
    private final SparseRows batch;
    /** Makes what training changes; null once the run shows a result that was cut or rounded, which has no such thing. */
    private @Nullable Supplier<Objective> maker;
    private @Nullable Working working;
    /** The decomposition of a result that was cut or rounded; null for a run that can be trained. */
    private @Nullable Decomposition shown;
    private RankCut.@Nullable CutError cut;

    /** What training changes. */
    private record Working(Objective objective, Optimizer optimizer) {
    }

    DecompositionRun(DecompositionMethod<S> method, Target target, S config, long seed, Objective objective, Workers workers) {
        this(method, target, config, seed, objective.losses(), () -> objective, workers);
        working();
    }

    private DecompositionRun(DecompositionMethod<S> method, Target target, S config, long seed, List<String> losses, Supplier<Objective> maker,
                             Workers workers) {
        super(method.runName(target, config, seed), config.steps(), losses);
        this.method = method;
        this.target = target;
        this.config = config;
        this.seed = seed;
        this.workers = workers;
        this.maker = maker;
        this.batch = new SparseRows(target.network().inputs());
    }

    /**
     * Returns a new run that decomposes a target by a method. The run has not begun to train.
     *
     * @param seed the seed of batches and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static <S extends Record & DecompositionSettings> DecompositionRun<S> begin(DecompositionMethod<S> method, Target target, S config,
                                                                                      long seed) {
        return begin(method, target, config, seed, Workers.all());
    }

    /**
     * Returns a new run that trains on the given threads; their number does not change the results.
     *
     * @param seed the seed of batches and initial values
     * @throws IllegalArgumentException if the settings do not fit the target
     * @throws IllegalStateException    if the Java heap is too small for these settings; the message says how large it must be
     */
    public static <S extends Record & DecompositionSettings> DecompositionRun<S> begin(DecompositionMethod<S> method, Target target, S config,
                                                                                      long seed, Workers workers) {
        S canonical = method.canonical(target.network(), config);
        List<String> losses = method.losses(canonical);
        if (Results.areShown() && !losses.isEmpty()) { // what training changes is large, and needed only by those who look at the random start
            return new DecompositionRun<>(method, target, canonical, seed, losses, () -> method.begin(target, canonical, seed, workers), workers);
        }
        return new DecompositionRun<>(method, target, canonical, seed, method.begin(target, canonical, seed, workers), workers);
    }

    private Working working() {
        Working made = working;
        if (made == null) {
            if (maker == null) {
                requireTrained("trained");
                throw new IllegalStateException(name() + " has nothing to train");
            }
            made = new Working(maker.get(), new Optimizer(0, workers));
            made.objective().register(made.optimizer());
            working = made;
        }
        return made;
    }

    @Override
    protected double[] trainStep(int step) {
        callUserCode(Sampler.label(target.data()), () -> objective().sample(target.data(), seed, BATCHES, step, config.batch(), batch));
        return trainOn(batch, step);
    }

    /**
     * Does one step on the given batch.
     *
     * @param x    the batch, {@code [batch, inputs]}
     * @param step number of the step, from 0
     * @return the losses before the update
     * @throws NotFiniteException if a loss or a gradient is NaN or infinite; parameters are unchanged then
     */
    double[] trainOn(SparseRows x, int step) {
        double[] losses = objective().compute(x, step, optimizer());
        update(step);
        return losses;
    }

    /** Updates the parameters with the gradients that the objective has computed (step 6 of APD). */
    void update(int step) {
        double rate = config.learningRate() * config.schedule().factor(step, config.steps());
        Objective objective = objective();
        Optimizer optimizer = optimizer();
        if (Double.isNaN(objective.largestGradient())) {
            optimizer.update(step + 1, rate);
        } else {
            optimizer.update(step + 1, rate, objective.largestGradient());
        }
        objective.afterUpdate(step, optimizer);
    }

    /** Returns the objective, for tests and benchmarks. */
    Objective objective() {
        return working().objective();
    }

    /** Returns the shapes of the trained arrays by name. */
    Map<String, int[]> blocks() {
        return method.blocks(target.network(), config);
    }

    Optimizer optimizer() {
        return working().optimizer();
    }

    @Override
    protected String notice() {
        return working == null ? "" : working.objective().notice();
    }

    @Override
    protected DecompositionRun<S> self() {
        return this;
    }

    @Override
    public Decomposition decomposition() {
        return betweenSteps(() -> shown != null ? shown : current(provenance()));
    }

    @Override
    public Remedies remedies() {
        return method.remedies(config).orElseGet(() -> decomposition().importance().remedies());
    }

    @Override
    protected Optional<Outcome> outcome() {
        Map<String, int[]> shapes = blocks();
        if (!isSmall(shapes) && method.importance(config).isPresent()) {
            RankCut found = RankCut.of(decomposition(), RankCut.TOLERANCE);
            return Optional.of(new Outcome(provenance(), config.toString(), found.error().toString(), RankCutArrays.of(found)));
        }
        Map<String, float[]> trained = betweenSteps(() -> {
            Map<String, float[]> copies = new LinkedHashMap<>();
            shapes.keySet().forEach(block -> copies.put(block, optimizer().parameter(block).toArray()));
            return copies;
        });
        TrainedArrays arrays = TrainedArrays.of(trained, shapes);
        Optional<RankCut.CutError> error = arrays.areRounded() ? Optional.of(RankCut.CutError.ofRounding(decomposition(), with(arrays.values(), trained)))
                : Optional.empty();
        return Optional.of(new Outcome(provenance(), config.toString(), error.map(RankCut.CutError::toString).orElse(""), arrays.toFile(error)));
    }

    /** Returns the decomposition that other values would give. */
    private Decomposition with(Map<String, float[]> values, Map<String, float[]> own) {
        return betweenSteps(() -> {
            set(values);
            try {
                return current(provenance());
            } finally {
                set(own);
            }
        });
    }

    private void set(Map<String, float[]> values) {
        values.forEach((block, own) -> System.arraycopy(own, 0, optimizer().parameter(block).data(), 0, own.length));
    }

    private Decomposition current(Provenance provenance) {
        return new Decomposition(target, objective().components().copy(), objective().importance(), provenance);
    }

    private static boolean isSmall(Map<String, int[]> shapes) {
        return shapes.values().stream().mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b)).sum() <= SMALL;
    }

    @Override
    protected boolean recordsUnfinished() {
        return isSmall(blocks());
    }

    @Override
    protected void show(ArrayFile state, Provenance provenance) throws IOException {
        Optional<Importance> importance = method.importance(config);
        if (RankCutArrays.areIn(state) && importance.isPresent()) {
            RankCutArrays.Content content = RankCutArrays.take(state, target.network());
            state.checkNothingLeft();
            showOnly(new Decomposition(target, content.components(), importance.get(), provenance), content.error());
        } else {
            Map<String, float[]> values = TrainedArrays.take(state, blocks());
            Optional<RankCut.CutError> error = TrainedArrays.takeError(state);
            state.checkNothingLeft(); // before anything changes
            set(values);
            error.ifPresent(of -> showOnly(current(provenance), of));
        }
        comesFrom(provenance);
    }

    /** Shows a decomposition that differs a little from the run's own; what training changes is not needed any more, and its memory is. */
    private void showOnly(Decomposition decomposition, RankCut.CutError error) {
        shown = decomposition;
        cut = error;
        maker = null;
        working = null;
    }

    /**
     * Returns by how much the decomposition of a shown result differs from that of its run, whose components were cut to their numerical rank or
     * rounded; empty if it is that of the run itself.
     */
    public Optional<RankCut.CutError> cut() {
        return Optional.ofNullable(cut);
    }

    /**
     * Writes the whole state of the run to a file. A run that {@link #load} reads from it continues to the same result, bit for bit. May be called
     * by any thread, also while the run trains: the state that is saved is that between two steps. If writing fails, the previous file remains.
     * Settings and provenance are also written to a {@code .json} file beside it, which is for people and is never read.
     *
     * <pre>{@code
     * run.save(Path.of("tms.npz"));
     * DecompositionRun<?> again = DecompositionRun.load(Path.of("tms.npz")).train();
     * }</pre>
     *
     * @param file a path that ends with {@code .npz}; NumPy reads the file with {@code np.load(file)}
     * @throws IllegalArgumentException if the path does not end with {@code .npz}, or the target's data is of a kind that cannot be saved
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        requireTrained("saved");
        DecompositionRunFile.write(betweenSteps(() -> DecompositionRunFile.snapshot(this)), file);
    }

    /**
     * Loads a run that was saved. The file names the method.
     *
     * @throws IOException if the file does not exist or is damaged, or its method is unknown; the message names the file and the fault
     */
    public static DecompositionRun<?> load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /**
     * Loads a run that was saved, to train on the given threads; their number does not change the results.
     *
     * @throws IOException if the file does not exist or is damaged, or its method is unknown; the message names the file and the fault
     */
    public static DecompositionRun<?> load(Path file, Workers workers) throws IOException {
        return DecompositionRunFile.load(file, workers);
    }

    /**
     * Loads a run of the given method.
     *
     * @throws IOException if the file does not exist, is damaged, or holds a run of another method; the message names the file and the fault
     */
    public static <S extends Record & DecompositionSettings> DecompositionRun<S> load(DecompositionMethod<S> method, Path file, Workers workers)
            throws IOException {
        return DecompositionRunFile.load(method, file, workers);
    }

    @Override
    public DecompositionRun<S> saved(Path file) throws IOException {
        return load(method, file, workers);
    }

    @Override
    public Optional<String> difference(DecompositionRun<S> other) {
        return Saveable.difference(config, seed, other.config, other.seed)
                .or(() -> TargetDifference.of(target, other.target, Parameter.Role.values()));
    }

    @Override
    public String fingerprint() {
        return RunFingerprint.of(method, target, config, seed).digits(Saveable.DIGITS);
    }

    @Override
    public String formerFingerprint() {
        return Saveable.fingerprintOf(method.formerText(config), seed, TargetDifference.digest(target, Parameter.Role.values()));
    }

    /** Records the provenance of the state that was loaded; it holds until the next step. */
    void comesFrom(Provenance provenance) {
        loadedFrom(provenance);
    }

    /**
     * Returns the provenance of the current state: the one in the file if the run was loaded and has not been trained since, otherwise that of
     * this process.
     */
    public Provenance provenance() {
        return provenance(seed, workers);
    }

    /** Returns the target that is decomposed. */
    public Target target() {
        return target;
    }

    /** Returns the method. */
    public DecompositionMethod<S> method() {
        return method;
    }

    /** Returns the settings. */
    public S config() {
        return config;
    }

    /** Returns the seed of batches and initial values. */
    public long seed() {
        return seed;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>(method.describe(config));
        entries.put("trained", String.format(Locale.ROOT, "%,d of %,d steps, %.1f s", step(), steps(), seconds()));
        for (String name : history().names()) {
            entries.put(name, Double.isNaN(loss(name)) ? "not yet" : String.format(Locale.ROOT, "%.3e", loss(name)));
        }
        shownFrom().ifPresent(origin -> entries.put("result shown", origin.toString()));
        cut().ifPresent(error -> entries.put("cut", error.toString()));
        return new Summary("Decomposition of " + target.name() + " by " + method.name(), entries);
    }
}
