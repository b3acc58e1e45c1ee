package org.apd4j.decomposition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Sampler;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Target;
import org.apd4j.targets.internal.TargetDifference;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Provenance;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;
import org.apd4j.training.internal.Optimizer;

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
 * <p>What its numbers depend on: batches and initial values on the seed alone, the same on every machine. All else on the machine in its
 * last digits (its BLAS and its Java), but neither on the number of threads nor on stops in between.
 *
 * @param <S> the method's settings
 */
public final class DecompositionRun<S extends Record & DecompositionSettings> extends Run<DecompositionRun<S>>
        implements DecompositionSource, Saveable<DecompositionRun<S>>, Summarized {

    private static final long BATCHES = 0x6170645f0001L;

    private final DecompositionMethod<S> method;
    private final Target target;
    private final S config;
    private final long seed;
    private final Workers workers;
    private final Objective objective;
    private final Optimizer optimizer;
    private final SparseRows batch;
    /** Of the file that the run was loaded from, or null. */
    private Provenance saved;

    DecompositionRun(DecompositionMethod<S> method, Target target, S config, long seed, Objective objective, Workers workers) {
        super(method.runName(target, config, seed), config.steps(), objective.losses());
        this.method = method;
        this.target = target;
        this.config = config;
        this.seed = seed;
        this.workers = workers;
        this.objective = objective;
        this.optimizer = new Optimizer(0, workers);
        objective.register(optimizer);
        this.batch = new SparseRows(target.network().inputs());
    }

    /**
     * Returns a run that decomposes a target by a method; it has not begun to train.
     *
     * @throws IllegalArgumentException if the settings ask for something that the target cannot have
     * @throws IllegalStateException    if the settings are too large for this process's heap; the message says what they need
     */
    public static <S extends Record & DecompositionSettings> DecompositionRun<S> begin(DecompositionMethod<S> method, Target target, S config,
                                                                                      long seed) {
        return begin(method, target, config, seed, Workers.all());
    }

    /** The same on other threads; they do not change the numbers. */
    public static <S extends Record & DecompositionSettings> DecompositionRun<S> begin(DecompositionMethod<S> method, Target target, S config,
                                                                                      long seed, Workers workers) {
        S canonical = method.canonical(target.network(), config);
        return new DecompositionRun<>(method, target, canonical, seed, method.begin(target, canonical, seed, workers), workers);
    }

    @Override
    protected double[] trainStep(int step) {
        callUserCode(Sampler.label(target.data()), () -> objective.sample(target.data(), seed, BATCHES, step, config.batch(), batch));
        return trainOn(batch, step);
    }

    /**
     * One step on a given batch.
     *
     * @param step number of the step, from 0
     * @return the losses before the update
     * @throws NotFiniteException before anything has changed
     */
    double[] trainOn(SparseRows x, int step) {
        double[] losses = objective.compute(x, step, optimizer);
        update(step);
        return losses;
    }

    /** Updates by the gradients that the objective has left. */
    void update(int step) {
        double rate = config.learningRate() * config.schedule().factor(step, config.steps());
        if (Double.isNaN(objective.largestGradient())) {
            optimizer.update(step + 1, rate);
        } else {
            optimizer.update(step + 1, rate, objective.largestGradient());
        }
        objective.afterUpdate(step, optimizer);
    }

    /** Returns the objective, for tests and benchmarks. */
    Objective objective() {
        return objective;
    }

    /** Returns the shapes of what is trained. */
    Map<String, int[]> blocks() {
        return method.blocks(target.network(), config);
    }

    Optimizer optimizer() {
        return optimizer;
    }

    @Override
    protected DecompositionRun<S> self() {
        return this;
    }

    @Override
    public Decomposition decomposition() {
        return betweenSteps(() -> new Decomposition(target, objective.components().copy(), objective.importance(), provenance()));
    }

    /**
     * Writes the whole run to a file, from which {@link #load} makes one that trains on to the same result, bit for bit. Any thread may
     * call it, while the run trains too: the state saved is that between two steps. The file is the previous one or the new one,
     * whatever fails. The settings and the provenance also go to a {@code .json} beside it, for people; nothing reads that.
     *
     * <pre>{@code
     * run.save(Path.of("tms.npz"));
     * DecompositionRun<?> again = DecompositionRun.load(Path.of("tms.npz")).train();
     * }</pre>
     *
     * @param file its name ends with {@code .npz}; NumPy reads it with {@code np.load(file)}
     * @throws IllegalArgumentException if it does not, or the target's data is of a kind that files cannot describe
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        DecompositionRunFile.write(betweenSteps(() -> DecompositionRunFile.snapshot(this)), file);
    }

    /**
     * Returns a run as it was saved; the file says by which method.
     *
     * @throws IOException if there is no such file or anything in it is not as it should be: one sentence naming file, array and fault
     */
    public static DecompositionRun<?> load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** The same on other threads; they do not change the numbers. */
    public static DecompositionRun<?> load(Path file, Workers workers) throws IOException {
        return DecompositionRunFile.load(file, workers);
    }

    /**
     * Returns a run of one method as it was saved.
     *
     * @throws IOException also if the file is of another method
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
        Fingerprint all = Fingerprint.of("decomposition run").add("method", method.name()).add("config", config).add("seed", seed);
        return TargetDifference.add(target, all, Parameter.Role.values()).digits(Saveable.DIGITS);
    }

    @Override
    public String formerFingerprint() {
        return Saveable.fingerprintOf(method.formerText(config), seed, TargetDifference.digest(target, Parameter.Role.values()));
    }

    /** Says where the present state comes from, for as long as it stays. */
    void comesFrom(Provenance provenance) {
        saved = provenance;
    }

    /** Returns where the present state comes from; of a run that was loaded and not trained since, what the file says. */
    public Provenance provenance() {
        return saved != null && saved.step() == step() ? saved : Provenance.here(seed, step(), seconds(), workers.threads());
    }

    /** Returns the network that is decomposed. */
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

    /** Returns the seed. */
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
        return new Summary("Decomposition of " + target.name() + " by " + method.name(), entries);
    }
}
