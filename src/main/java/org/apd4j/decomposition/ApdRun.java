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
import org.apd4j.io.Fingerprint;
import org.apd4j.kernel.SparseRows;
import org.apd4j.kernel.Workers;
import org.apd4j.network.Parameter;
import org.apd4j.target.Target;
import org.apd4j.target.TargetDifference;
import org.apd4j.training.NotFiniteException;
import org.apd4j.training.Optimizer;
import org.apd4j.training.Provenance;
import org.apd4j.training.Run;
import org.apd4j.training.Saveable;

/**
 * The training of a decomposition.
 *
 * <pre>{@code
 * ApdRun apd = Apd.decompose(target, ApdConfig.paperTms5to2());
 * apd.train(1_000);
 * System.out.println(apd.step() + " " + apd.loss("faithfulness"));
 * apd.train();
 * }</pre>
 *
 * <p>What its numbers depend on: batches and initial values on the seed alone, the same on every machine. All else on the machine in its
 * last digits (its BLAS and its Java), but neither on the number of threads nor on stops in between.
 */
public final class ApdRun extends Run<ApdRun> implements Decomposed, Saveable<ApdRun>, Summarized {

    private static final long BATCHES = 0x6170645f0001L;

    private final Target target;
    private final ApdConfig config;
    private final long seed;
    private final Workers workers;
    private final Components components;
    private final Optimizer optimizer;
    private final ApdObjective objective;
    private final SparseRows batch;
    /** Of the file that the run was loaded from, or null. */
    private Provenance saved;

    ApdRun(Target target, ApdConfig config, long seed, Components components, Workers workers) {
        super(RunName.of(target.name(), config, seed), config.steps(), config.losses().stream().map(Loss::label).toList());
        this.target = target;
        this.config = config;
        this.seed = seed;
        this.workers = workers;
        this.components = components;
        this.optimizer = new Optimizer(0, workers);
        for (Factors factors : components.factors()) {
            optimizer.add(ApdObjective.aName(factors), factors.a());
            optimizer.add(ApdObjective.bName(factors), factors.b());
        }
        this.objective = ApdObjective.of(target.network(), components, config, seed, workers);
        this.batch = new SparseRows(target.network().inputs());
    }

    @Override
    protected double[] trainStep(int step) {
        waitFor(Sampler.label(target.data()), () -> Sampler.draw(target.data(), seed, BATCHES, step, config.batch(), batch));
        double[] all = trainOn(batch, step);
        return config.losses().stream().mapToDouble(loss -> all[loss.ordinal()]).toArray();
    }

    /**
     * One step on a given batch.
     *
     * @param step number of the step, from 0
     * @return the losses before the update, in the order of {@link Loss}; NaN for those that are off
     * @throws NotFiniteException before anything has changed
     */
    double[] trainOn(SparseRows x, int step) {
        double[] losses = objective.compute(x, step, optimizer);
        optimizer.update(step + 1, config.learningRate() * config.schedule().factor(step, config.steps()), objective.largestGradient());
        return losses;
    }

    /** Returns the objective, for tests and benchmarks. */
    ApdObjective objective() {
        return objective;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    Components components() {
        return components;
    }

    @Override
    protected ApdRun self() {
        return this;
    }

    @Override
    public Decomposition decomposition() {
        return betweenSteps(() -> new Decomposition(target, components.copy(), config.importance(), provenance()));
    }

    /**
     * Writes the whole run to a file, from which {@link #load} makes one that trains on to the same result, bit for bit. Any thread may
     * call it, while the run trains too: the state saved is that between two steps. The file is the previous one or the new one,
     * whatever fails. The settings and the provenance also go to a {@code .json} beside it, for people; nothing reads that.
     *
     * <pre>{@code
     * run.save(Path.of("tms.npz"));
     * ApdRun again = ApdRun.load(Path.of("tms.npz")).train();
     * }</pre>
     *
     * @param file its name ends with {@code .npz}; NumPy reads it with {@code np.load(file)}
     * @throws IllegalArgumentException if it does not, or the target's data is of a kind that files cannot describe
     * @throws IOException              if the file cannot be written
     */
    @Override
    public void save(Path file) throws IOException {
        ApdRunFile.write(betweenSteps(() -> ApdRunFile.snapshot(this)), file);
    }

    /**
     * A run as it was saved.
     *
     * @throws IOException if there is no such file or anything in it is not as it should be: one sentence naming file, array and fault
     */
    public static ApdRun load(Path file) throws IOException {
        return load(file, Workers.all());
    }

    /** The same on other threads; they do not change the numbers. */
    public static ApdRun load(Path file, Workers workers) throws IOException {
        return ApdRunFile.load(file, workers);
    }

    @Override
    public ApdRun saved(Path file) throws IOException {
        return load(file, workers);
    }

    @Override
    public Optional<String> difference(ApdRun other) {
        return Saveable.difference(config, seed, other.config, other.seed)
                .or(() -> TargetDifference.of(target, other.target, Parameter.Role.values()));
    }

    @Override
    public String fingerprint() {
        return TargetDifference.add(target, Fingerprint.of("decomposition run").add("config", config).add("seed", seed), Parameter.Role.values())
                .digits(Saveable.DIGITS);
    }

    @Override
    public String formerFingerprint() {
        return Saveable.fingerprintOf(config, seed, TargetDifference.digest(target, Parameter.Role.values()));
    }

    /** Says where the present state comes from, for as long as it stays. */
    void comesFrom(Provenance provenance) {
        saved = provenance;
    }

    /** Where the present state comes from; of a run that was loaded and not trained since, what the file says. */
    public Provenance provenance() {
        return saved != null && saved.step() == step() ? saved : Provenance.here(seed, step(), seconds(), workers.threads());
    }

    /** The network that is decomposed. */
    public Target target() {
        return target;
    }

    /** The settings. */
    public ApdConfig config() {
        return config;
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("components", config.components() + " of rank at most " + config.rank());
        entries.put("selection", config.sparsity().describe(config.batch()));
        entries.put("trained", String.format(Locale.ROOT, "%,d of %,d steps, %.1f s", step(), steps(), seconds()));
        for (String name : history().names()) {
            entries.put(name, Double.isNaN(loss(name)) ? "not yet" : String.format(Locale.ROOT, "%.3e", loss(name)));
        }
        return new Summary("Decomposition of " + target.name(), entries);
    }
}
