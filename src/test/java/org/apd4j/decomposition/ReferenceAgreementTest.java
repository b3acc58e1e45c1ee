package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.apd.internal.ApdObjective;
import org.apd4j.apd.internal.UnitNorm;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.reference.LibraryTwin;
import org.apd4j.reference.ReferenceApd;
import org.apd4j.reference.ReferenceApd.Attributions;
import org.apd4j.reference.ReferenceApd.Configuration;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The library, in single precision, does on hundreds of random configurations what the method's formulas do in double precision.
 *
 * <p>Every step is compared twice. From the library's own factors: outputs, attributions of all kinds, mask, losses, gradients, so that
 * nothing is compared that has drifted apart before. And the factors, after all steps, with those of a reference that ran by itself.
 *
 * <p>The measure is {@code max|difference| ≤ 1e-4 · max|reference|} (factors: 1e-3). It asks too much where the formula itself takes
 * large things away from each other; there the bound is what rounding of the formula's own operands can do, see {@link #slack} and
 * {@link #perturbedSpread}. How often that was needed is counted and must stay rare.
 */
class ReferenceAgreementTest {

    private static final int CASES = 420;
    private static final double STEP_TOLERANCE = 1e-4;
    private static final double PARAMETER_TOLERANCE = 1e-3;
    /** Rounding of a short sum of floats, relative to its largest term. */
    private static final double ROUNDING = 0x1p-20;
    /** Below this a float32 attribution may fall on the other side of the boundary. */
    private static final double CLEAR_MARGIN = 1e-4;

    private static final Map<String, Double> worst = new TreeMap<>();
    private static final List<String> failures = new ArrayList<>();
    private static int comparisons;
    private static int excused;
    private static int masks;
    private static int forced;
    private static int undetermined;
    private static int factorsCompared;
    private static final Map<String, Integer> covered = new TreeMap<>();

    private RandomCase now;
    private String place;

    @BeforeAll
    static void runAllCases() {
        var test = new ReferenceAgreementTest();
        for (int number = 0; number < CASES; number++) {
            test.follow(RandomCase.of(number));
        }
    }

    @AfterAll
    static void report() {
        if (Boolean.getBoolean("agreement.report")) {
            System.out.printf("%d cases, %d comparisons (%d excused), %d masks (%d forced), %d factors (%d undetermined)%nworst: %s%ncovered: %s%n",
                    CASES, comparisons, excused, masks, forced, factorsCompared, undetermined, worst, covered);
        }
    }

    @Test
    void everyNumberOfEveryCaseAgreesWithTheDoublePrecisionReference() {
        assertEquals("", String.join("\n", failures.subList(0, Math.min(20, failures.size()))), failures.size() + " failures");
    }

    @Test
    void theMaskIsTheReferencesInNearlyAllSteps() {
        assertTrue(forced <= masks / 50, forced + " of " + masks + " masks had to be given to the reference");
    }

    @Test
    void theToleranceOfTheGoldenRunsIsEnoughForNearlyAllComparisons() {
        assertTrue(excused <= comparisons / 100, excused + " of " + comparisons + " comparisons needed a bound from rounding");
        assertTrue(undetermined <= factorsCompared / 50, undetermined + " of " + factorsCompared + " factors have gradients that are rounding");
    }

    @Test
    void everyPartOfTheMethodIsMetByManyCases() {
        covered.forEach((what, times) -> assertTrue(times >= 8, what + " is met only " + times + " times: " + covered));
        for (String what : List.of("Tms of 2 layers", "Tms of 3 layers", "Tms of 4 layers", "ResidualMlp of 2 layers", "ResidualMlp of 4 layers",
                "ResidualMlp of 6 layers", "RELU", "GELU", "with biases", "without biases", "GRADIENT_FROM_TARGET", "GRADIENT_FROM_COMPONENTS", "ABLATION",
                "ACTIVATION", "BatchTopK", "PerSampleTopK", "Lp", "KL", "MSE", "unit norm", "CONSTANT", "LINEAR", "COSINE", "EXPONENTIAL", "C = 1", "m = 1",
                "m above dimensions", "batch = 1", "one feature", "all-zero batch", "zero target layer", "tied", "everything selected", "native products")) {
            assertTrue(covered.containsKey(what), what + " is not met: " + covered);
        }
    }

    // ---- one case

    private void follow(RandomCase random) {
        now = random;
        count(random);
        Network network = LibraryTwin.network(random.network());
        ApdConfig config = LibraryTwin.config(random.configuration(), random.components(), random.rank(), random.batches()[0].length);
        Components components = LibraryTwin.components(network, random.factors());
        Target target = new Target("random", network, new SparseFeatures(network.inputs(), 0.1, 0, 1), Labels.INPUT);
        DecompositionRun<ApdConfig> library = ApdRuns.of(target, config, components);
        var alone = new ReferenceApd(random.network(), random.configuration(), random.factors());
        var adam = new Adam(random);
        Map<String, double[][]> clear = new LinkedHashMap<>();
        for (int step = 0; step < RandomCase.STEPS; step++) {
            place = "step " + step;
            double[][] x = random.batches()[step];
            SparseRows batch = SparseRows.of(LibraryTwin.matrix(x));
            Components before = components.copy();
            if (config.unitNorm()) {
                UnitNorm.normalise(before, Workers.one()); // as the step does
            }
            Map<String, ReferenceApd.Factors> start = factors(before);
            double[][] attributions = compareEvaluation(new Evaluator(network, before, config.importance(), Workers.one()), start, x, batch);
            double[] losses = ApdRuns.step(library, batch, step);
            double[][] mask = config.sparsity() instanceof LpPenalty ? null
                    : compareMask(ApdRuns.objective(library).mask().orElseThrow(), attributions, new ReferenceApd(random.network(), random.configuration(), start), x);
            var reference = new ReferenceApd(random.network(), random.configuration(), start).evaluate(x, mask);
            compareLosses(config, losses, reference, start);
            compareGradients(library, reference, start, x, mask);
            adam.update(step, start, library, clear, reference);
            alone.step(x, mask);
        }
        compareEnds(components, alone.factors(), clear);
    }

    private void count(RandomCase random) {
        List<String> met = new ArrayList<>();
        Configuration configuration = random.configuration();
        met.add(random.network().getClass().getSimpleName() + " of " + random.network().layers().size() + " layers");
        if (random.network() instanceof org.apd4j.reference.ReferenceNetwork.ResidualMlp mlp) {
            met.add(mlp.activation().name());
            met.add(mlp.blocks().stream().anyMatch(b -> b.biasIn() != null || b.biasOut() != null) ? "with biases" : "without biases");
        }
        met.add(configuration.attributions().name());
        met.add(configuration.selection().getClass().getSimpleName());
        met.add(configuration.divergence() ? "KL" : "MSE");
        met.add(configuration.optimizer().schedule().name());
        configuration.coefficients().keySet().forEach(met::add);
        double[][][] batches = random.batches();
        int smallest = random.network().layers().stream().mapToInt(l -> Math.min(l.weight().length, l.weight()[0].length)).min().orElseThrow();
        Map<String, Boolean> ifTrue = new LinkedHashMap<>();
        ifTrue.put("unit norm", configuration.unitNorm());
        ifTrue.put("C = 1", random.components() == 1);
        ifTrue.put("m = 1", random.rank() == 1);
        ifTrue.put("m above dimensions", random.rank() > smallest);
        ifTrue.put("batch = 1", batches[0].length == 1);
        ifTrue.put("one feature", batches[0][0].length == 1);
        ifTrue.put("all-zero batch", Arrays.stream(batches[0]).allMatch(row -> Arrays.stream(row).allMatch(v -> v == 0)));
        ifTrue.put("zero target layer", random.network().layers().stream().anyMatch(l -> largest(flat(l.weight())) == 0));
        ifTrue.put("tied", random.tied());
        ifTrue.put("everything selected",
                configuration.selection() instanceof ReferenceApd.BatchTopK top && top.k() == random.components() && random.components() > 1);
        ifTrue.put("native products", batches[0].length == 70);
        ifTrue.forEach((what, is) -> {
            if (is) {
                met.add(what);
            }
        });
        met.forEach(what -> covered.merge(what, 1, Integer::sum));
    }

    /** Outputs and attributions of all kinds; returns the library's attributions of the kind that training uses. */
    private double[][] compareEvaluation(Evaluator evaluator, Map<String, ReferenceApd.Factors> start, double[][] x, SparseRows batch) {
        var reference = new ReferenceApd(now.network(), now.configuration(), start);
        int components = now.components();
        double[][] all = new double[x.length][components];
        Arrays.stream(all).forEach(row -> Arrays.fill(row, 1));
        double[] target = flat(now.network().output(x));
        double[] summed = flat(reference.output(x, all));
        check("target output", LibraryTwin.flat(evaluator.target(batch)), target, 0, n -> flat(n.network().output(x)), start);
        check("output of all components", LibraryTwin.flat(evaluator.allComponents(batch)), summed, 0, n -> flat(apd(n).output(x, all)), start);
        var values = new EnumMap<AttributionKind, double[]>(AttributionKind.class);
        for (AttributionKind kind : AttributionKind.values()) {
            double[] wanted = flat(reference.attributions(Attributions.valueOf(kind.name()), x));
            double[] actual = LibraryTwin.flat(evaluator.attributions(kind, batch));
            check("attributions " + kind, actual, wanted, 0, n -> flat(apd(n).attributions(Attributions.valueOf(kind.name()), x)), start);
            values.put(kind, actual);
        }
        double[] own = values.get(AttributionKind.valueOf(now.configuration().attributions().name()));
        double[][] result = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            result[i] = Arrays.copyOfRange(own, i * components, (i + 1) * components);
        }
        checkEqualSamples(x, result);
        return result;
    }

    /** Equal samples have attributions that are equal in every bit, else ties would not be ties. */
    private void checkEqualSamples(double[][] x, double[][] attributions) {
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                if (Arrays.equals(x[i], x[j]) && !Arrays.equals(attributions[i], attributions[j])) {
                    failures.add(now + ", " + place + ": samples " + j + " and " + i + " are equal, their attributions are not: "
                            + Arrays.toString(attributions[j]) + " " + Arrays.toString(attributions[i]));
                    return;
                }
            }
        }
    }

    /**
     * The library's mask is what the method selects by the library's attributions, ties included; and, where the selection is clear, what
     * it selects by the reference's.
     *
     * @return the mask that the reference is to use
     */
    private double[][] compareMask(Mask mask, double[][] attributions, ReferenceApd reference, double[][] x) {
        double[][] selected = new double[x.length][now.components()];
        for (int i = 0; i < x.length; i++) {
            for (int c = 0; c < now.components(); c++) {
                selected[i][c] = mask.isActive(i, c) ? 1 : 0;
            }
        }
        masks++;
        var selection = now.configuration().selection();
        if (!Arrays.deepEquals(selected, ReferenceApd.select(selection, attributions))) {
            failures.add(now + ", " + place + ": the mask is not what the library's attributions select");
        }
        double[][] wanted = reference.attributions(now.configuration().attributions(), x);
        double[][] clear = ReferenceApd.select(selection, wanted);
        if (!Arrays.deepEquals(selected, clear)) {
            forced++;
            double margin = ReferenceApd.margin(selection, wanted);
            if (margin > CLEAR_MARGIN && !onlyRoundingApart(selected, clear, wanted)) {
                failures.add(now + ", " + place + ": the mask differs from the reference's, whose margin is " + margin);
            }
        }
        return selected;
    }

    /** Whether the pairs that only one mask has are as near to each other as the attributions are exact. */
    private static boolean onlyRoundingApart(double[][] one, double[][] other, double[][] attributions) {
        double most = Double.NEGATIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < one.length; i++) {
            for (int c = 0; c < one[i].length; c++) {
                if (one[i][c] != other[i][c]) {
                    most = Math.max(most, attributions[i][c]);
                    least = Math.min(least, attributions[i][c]);
                }
            }
        }
        return most - least <= STEP_TOLERANCE * largest(flat(attributions));
    }

    private void compareLosses(ApdConfig config, double[] actual, ReferenceApd.Step reference, Map<String, ReferenceApd.Factors> start) {
        var names = new EnumMap<Loss, String>(Map.of(Loss.FAITHFULNESS, ReferenceApd.FAITHFULNESS, Loss.MINIMALITY,
                config.sparsity() instanceof LpPenalty ? ReferenceApd.MINIMALITY_LP : ReferenceApd.MINIMALITY, Loss.SIMPLICITY,
                ReferenceApd.SIMPLICITY, Loss.HIDDEN_RECONSTRUCTION, ReferenceApd.HIDDEN_RECONSTRUCTION, Loss.OUTPUT_RECONSTRUCTION,
                ReferenceApd.OUTPUT_RECONSTRUCTION));
        double weights = now.network().layers().stream().mapToDouble(l -> largest(flat(l.weight()))).max().orElse(0);
        double outputs = largest(flat(reference.target()));
        names.forEach((loss, name) -> {
            boolean on = config.coefficient(loss) > 0;
            if (!on && (loss == Loss.HIDDEN_RECONSTRUCTION || loss == Loss.OUTPUT_RECONSTRUCTION)) {
                if (!Double.isNaN(actual[loss.ordinal()])) {
                    failures.add(now + ", " + place + ": " + loss + " is off, but " + actual[loss.ordinal()]);
                }
                return;
            }
            double wanted = reference.losses().get(name);
            // Squares of differences: of weights, of outputs. KL: differences of logarithms of the size of the outputs, which cancel.
            double slack = switch (loss) {
                case FAITHFULNESS -> slack(wanted, weights);
                case SIMPLICITY -> 0;
                case HIDDEN_RECONSTRUCTION -> slack(wanted, Math.max(outputs, weights));
                default -> slack(wanted, outputs);
            };
            if (loss == Loss.MINIMALITY && config.divergence() == Divergence.KL) {
                slack = ROUNDING * Math.sqrt(wanted) * outputs + ROUNDING * ROUNDING;
            }
            check("loss " + name, new double[] {actual[loss.ordinal()]}, new double[] {wanted}, slack, null, start);
        });
    }

    private void compareGradients(DecompositionRun<ApdConfig> library, ReferenceApd.Step reference, Map<String, ReferenceApd.Factors> start, double[][] x,
                                  double[][] mask) {
        for (Factors factors : library.objective().components().factors()) {
            String name = factors.parameter();
            var wanted = reference.gradients().get(name);
            double[] a = flat(wanted.a());
            double slack = 0;
            if (now.configuration().unitNorm()) {
                // g − (g·a) a: what is left may be nothing, as it is with one row; its rounding is that of g.
                var c = now.configuration();
                var plain = new Configuration(c.attributions(), c.selection(), c.coefficients(), c.p(), c.divergence(), false, c.optimizer());
                var whole = new ReferenceApd(now.network(), plain, start).evaluate(x, mask).gradients().get(name);
                slack = ROUNDING * largest(flat(whole.a()));
            }
            check("gradient A", LibraryTwin.flat(library.optimizer().gradient(ApdObjective.aName(factors))), a, slack,
                    n -> flat(apd(n).evaluate(x, mask).gradients().get(name).a()), start);
            check("gradient B", LibraryTwin.flat(library.optimizer().gradient(ApdObjective.bName(factors))), flat(wanted.b()), 0,
                    n -> flat(apd(n).evaluate(x, mask).gradients().get(name).b()), start);
        }
    }

    /**
     * The factors after all steps. Adam's update has the size of the learning rate whatever the size of the gradient, so where a gradient is
     * nothing but rounding, so is the update: such entries are left out, and counted.
     */
    private void compareEnds(Components components, Map<String, ReferenceApd.Factors> ends, Map<String, double[][]> clear) {
        place = "after " + RandomCase.STEPS + " updates";
        for (Factors factors : components.factors()) {
            compareEnd(factors.a(), flat(ends.get(factors.parameter()).a()), clear.get(ApdObjective.aName(factors))[0]);
            compareEnd(factors.b(), flat(ends.get(factors.parameter()).b()), clear.get(ApdObjective.bName(factors))[0]);
        }
    }

    private void compareEnd(Matrix matrix, double[] wanted, double[] unclear) {
        double[] actual = LibraryTwin.flat(matrix);
        for (int i = 0; i < actual.length; i++) {
            factorsCompared++;
            if (unclear[i] > 0) {
                undetermined++;
                actual[i] = wanted[i];
            }
        }
        check("factors", actual, wanted, 0, PARAMETER_TOLERANCE, null, null);
    }

    /** Adam in double precision on the library's own gradients: the update itself, apart from all that leads to it. */
    private final class Adam {
        private final Map<String, double[]> means = new LinkedHashMap<>();
        private final Map<String, double[]> squares = new LinkedHashMap<>();
        private final RandomCase random;

        Adam(RandomCase random) {
            this.random = random;
        }

        void update(int step, Map<String, ReferenceApd.Factors> start, DecompositionRun<ApdConfig> library, Map<String, double[][]> unclear,
                    ReferenceApd.Step reference) {
            for (Factors factors : library.objective().components().factors()) {
                var from = start.get(factors.parameter());
                var wanted = reference.gradients().get(factors.parameter());
                update(step, ApdObjective.aName(factors), flat(from.a()), factors.a(), library, unclear, flat(wanted.a()));
                update(step, ApdObjective.bName(factors), flat(from.b()), factors.b(), library, unclear, flat(wanted.b()));
            }
        }

        private void update(int step, String name, double[] from, Matrix to, DecompositionRun<ApdConfig> library, Map<String, double[][]> unclear, double[] wanted) {
            double[] gradient = LibraryTwin.flat(library.optimizer().gradient(name));
            double[] mean = means.computeIfAbsent(name, n -> new double[gradient.length]);
            double[] square = squares.computeIfAbsent(name, n -> new double[gradient.length]);
            double[] marks = unclear.computeIfAbsent(name, n -> new double[][] {new double[gradient.length]})[0];
            double rate = random.configuration().optimizer().rate(step);
            double[] expected = new double[gradient.length];
            for (int i = 0; i < gradient.length; i++) {
                mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
                square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
                expected[i] = from[i] - rate * mean[i] / (1 - Math.pow(0.9, step + 1))
                        / (Math.sqrt(square[i] / (1 - Math.pow(0.999, step + 1))) + 1e-8);
                double difference = Math.abs(gradient[i] - wanted[i]);
                if (difference > 0.01 * (Math.abs(wanted[i]) + 1e-8)) {
                    marks[i]++;
                }
            }
            check("update", LibraryTwin.flat(to), expected, 1e-4 * rate, 1e-6, null, null);
        }
    }

    // ---- measures

    private interface Quantity {
        double[] of(RandomCase random);
    }

    private ReferenceApd apd(RandomCase random) {
        return new ReferenceApd(random.network(), random.configuration(), random.factors());
    }

    private void check(String name, double[] actual, double[] reference, double slack, Quantity quantity,
                       Map<String, ReferenceApd.Factors> start) {
        check(name, actual, reference, slack, STEP_TOLERANCE, quantity, start);
    }

    private void check(String name, double[] actual, double[] reference, double slack, double tolerance, Quantity quantity,
                       Map<String, ReferenceApd.Factors> start) {
        comparisons++;
        double difference = 0;
        for (int i = 0; i < reference.length; i++) {
            difference = Math.max(difference, Math.abs(actual[i] - reference[i])); // keeps NaN
        }
        double size = largest(reference);
        if (difference <= tolerance * size) {
            worst.merge(name, size == 0 ? 0 : difference / size, Math::max);
            return;
        }
        excused++;
        double spread = difference <= tolerance * size + slack || quantity == null ? 0 : perturbedSpread(reference, quantity, start);
        worst.merge("excused, part of the bound from rounding", difference / (tolerance * size + slack + spread), Math::max);
        if (!(difference <= tolerance * size + slack + spread)) {
            failures.add(now + ", " + place + ": " + name + " differs by " + difference + " at size " + size + ", rounding explains " + (slack + spread)
                    + (reference.length < 12 ? " " + Arrays.toString(actual) + " " + Arrays.toString(reference) : ""));
        }
    }

    /** What is left of squares (or their mean) of differences of numbers of a size, when those are rounded. */
    private static double slack(double squares, double size) {
        double rounding = ROUNDING * size;
        return 2 * Math.sqrt(squares) * rounding + rounding * rounding;
    }

    /** How far a quantity moves, in double precision, when every operand is changed by a few units in float32's last place. */
    private double perturbedSpread(double[] reference, Quantity quantity, Map<String, ReferenceApd.Factors> start) {
        var random = new Random(now.number());
        var current = new RandomCase(now.number(), now.description(), now.network(), now.configuration(), start, now.components(), now.rank(),
                now.batches(), now.tied());
        double spread = 0;
        for (int i = 0; i < 8; i++) {
            double[] other = quantity.of(current.perturbed(random));
            for (int k = 0; k < reference.length; k++) {
                spread = Math.max(spread, Math.abs(other[k] - reference[k]));
            }
        }
        return 4 * spread;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static double[] flat(double[][] values) {
        return Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double[] flat(double[][][] values) {
        return Arrays.stream(values).flatMapToDouble(v -> Arrays.stream(flat(v))).toArray();
    }

    private static Map<String, ReferenceApd.Factors> factors(Components components) {
        Map<String, ReferenceApd.Factors> result = new LinkedHashMap<>();
        for (Factors factors : components.factors()) {
            result.put(factors.parameter(), ReferenceApd.Factors.of(LibraryTwin.flat(factors.a()), LibraryTwin.flat(factors.b()),
                    factors.components(), factors.in(), factors.rank(), factors.out()));
        }
        return result;
    }
}
