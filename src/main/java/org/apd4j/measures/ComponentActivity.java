package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.NetworkGraph;

/**
 * How often each component is active on samples. A <em>group</em> is the set of components that one mask selects from: those of one layer, or all of
 * them where components are shared.
 */
final class ComponentActivity {

    /** The fraction of nonzero inputs up to which data counts as sparse, so that an active input says how much a sample can need. */
    static final double SPARSE = 0.25;

    private final MeasurementContext context;
    private final Components components;
    /** By group: its layer. */
    private final List<String> names = new ArrayList<>();
    /** By group and component: the number of samples on which it is active. */
    private final List<double[]> active = new ArrayList<>();
    /** By group: the number of samples that are not empty and on which nothing is active. */
    private final double[] silent;
    private final double[] activeInAll;
    private double rows;
    private double full;
    private double inputs;

    ComponentActivity(MeasurementContext context) {
        this.context = context;
        this.components = context.decomposition().components();
        if (components.isShared()) {
            names.add("");
            active.add(new double[components.count()]);
        } else {
            for (NetworkGraph.Layer layer : components.graph().layers()) {
                names.add(layer.node());
                active.add(new double[components.factors(layer.parameter()).components()]);
            }
        }
        this.silent = new double[names.size()];
        this.activeInAll = new double[names.size()];
    }

    void add(SparseRows x, ComponentMask mask) {
        for (int g = 0; g < names.size(); g++) {
            Matrix values = values(x, mask, g);
            double[] counts = active.get(g);
            for (int row = 0; row < x.rows(); row++) {
                int now = 0;
                for (int c = 0; c < counts.length; c++) {
                    if (values.get(row, c) > MeasurementContext.ACTIVE) {
                        counts[c]++;
                        now++;
                    }
                }
                if (!x.isEmpty(row)) {
                    silent[g] += now == 0 ? 1 : 0;
                    activeInAll[g] += now;
                }
            }
        }
        rows += x.rows();
        full += IntStream.range(0, x.rows()).filter(row -> !x.isEmpty(row)).count();
        inputs += x.size();
    }

    /** Returns the factors of a group, {@code [batch, C]}; where k is larger than needed, top-k also keeps components of importance 0, which are 0 here. */
    private Matrix values(SparseRows x, ComponentMask mask, int group) {
        if (mask instanceof SoftMask soft) {
            return soft.layer(group);
        }
        Matrix importances = context.evaluator().importances(x).layer(0);
        Matrix values = Matrix.zeros(x.rows(), active.get(group).length);
        for (int row = 0; row < values.rows(); row++) {
            for (int c = 0; c < values.columns(); c++) {
                values.set(row, c, importances.get(row, c) > 0 ? mask.value(row, c) : 0);
            }
        }
        return values;
    }

    /** Returns whether few inputs of a sample are active. */
    boolean isSparse() {
        return inputs <= SPARSE * rows * context.features();
    }

    /** Returns whether a component of a parameter is active on some sample, in some layer that has it. */
    boolean isUsed(String parameter, int c) {
        return IntStream.range(0, names.size()).anyMatch(g -> active.get(g)[c] > 0
                && (components.isShared() || components.graph().layers().get(g).parameter().equals(parameter)));
    }

    /** Returns "of 'encoder'" for a group that is one layer's, otherwise nothing. */
    String ofGroup(int group) {
        return names.get(group).isEmpty() ? "" : " of '" + names.get(group) + "'";
    }

    void addTo(Report report) {
        nothingActive(report);
        tooManyActive(report);
        allUsed(report);
        for (int g = 0; g < names.size(); g++) {
            everywhere(g, report);
            dead(g, report);
        }
    }

    private void nothingActive(Report report) {
        int worst = worst(silent);
        double share = full == 0 ? 0 : silent[worst] / full;
        if (share > Diagnosis.SILENT) {
            report.add(Kind.NOTHING_ACTIVE, List.of(), share, String.format(Locale.ROOT,
                    "On %.0f %% of the samples that are not empty no component%s is active.", 100 * share, ofGroup(worst)));
        }
    }

    private void tooManyActive(Report report) {
        double inputsOfFull = full == 0 ? 0 : inputs / full;
        int worst = 0;
        double largest = 0;
        for (int g = 0; g < names.size(); g++) {
            double excess = full == 0 ? 0 : activeInAll[g] / full / needed(g, inputsOfFull);
            worst = excess > largest ? g : worst;
            largest = Math.max(largest, excess);
        }
        if (largest > 1) {
            double mean = activeInAll[worst] / full;
            report.add(Kind.TOO_MANY_ACTIVE, List.of(), mean, String.format(Locale.ROOT,
                    "%.1f components%s are active on a sample, more than it can need: %.1f inputs are active%s.", mean, ofGroup(worst), inputsOfFull,
                    components.isShared() ? "" : ", and the matrix has rank " + rank(worst)));
        }
    }

    /**
     * Returns the most components of a group that a sample can need on average: a layer's matrix is a sum of as many as it has rank, and sparse inputs
     * need one each, with half as many again for what features do together.
     */
    private double needed(int group, double inputsOfFull) {
        double ofInputs = isSparse() ? Diagnosis.A_FEATURE * inputsOfFull : components.isShared() ? Double.POSITIVE_INFINITY : inputsOfFull;
        return components.isShared() ? ofInputs : Math.max(ofInputs, rank(group));
    }

    private int rank(int group) {
        NetworkGraph.Layer layer = components.graph().layers().get(group);
        return Math.min(layer.in(), layer.out());
    }

    private void allUsed(Report report) {
        List<Integer> full = IntStream.range(0, names.size())
                .filter(g -> active.get(g).length > 1 && IntStream.range(0, active.get(g).length).allMatch(c -> active.get(g)[c] > 0)).boxed().toList();
        if (!full.isEmpty()) {
            int count = active.get(full.get(0)).length;
            String where = components.isShared() ? "" : " of " + full.stream().map(g -> "'" + names.get(g) + "'").collect(Collectors.joining(", "));
            report.add(Kind.ALL_USED, List.of(), count, String.format(Locale.ROOT, "All %d components%s are in use: whether more are needed does not show.",
                    count, where));
        }
    }

    private void everywhere(int g, Report report) {
        double[] counts = active.get(g);
        for (int c = 0; c < counts.length; c++) {
            double part = counts[c] / rows;
            if (part > Diagnosis.EVERYWHERE && counts.length > 1) {
                report.add(Kind.EVERYWHERE, List.of(c), part, String.format(Locale.ROOT,
                        "Component %d%s is active on %.0f %% of the samples: it holds what all of them share.", c, ofGroup(g), 100 * part));
            }
        }
    }

    private void dead(int g, Report report) {
        double[] counts = active.get(g);
        List<Integer> dead = IntStream.range(0, counts.length).filter(c -> counts[c] / rows < Diagnosis.DEAD).boxed().toList();
        if (!dead.isEmpty()) {
            String which = dead.stream().map(String::valueOf).collect(Collectors.joining(", "));
            report.add(Kind.DEAD, dead, dead.size(), String.format(Locale.ROOT, "%d of %d components%s %s hardly ever active: %s.", dead.size(),
                    counts.length, ofGroup(g), dead.size() == 1 ? "is" : "are", which));
        }
    }

    private static int worst(double[] values) {
        return IntStream.range(0, values.length).reduce(0, (best, g) -> values[g] > values[best] ? g : best);
    }

    /** Adds pairs of used components that are nearly the same: of all layers together where they are shared, otherwise of each parameter. */
    void addSplitTo(Report report) {
        if (!report.asksFor(Kind.SPLIT)) {
            return;
        }
        if (components.isShared()) {
            addSplit(components.factors(), "", report);
        } else {
            components.factors().forEach(own -> addSplit(List.of(own), " of '" + own.parameter() + "'", report));
        }
    }

    private void addSplit(List<Factors> factors, String of, Report report) {
        int count = factors.get(0).components();
        int[] used = IntStream.range(0, count).filter(c -> isUsed(factors.get(0).parameter(), c)).toArray();
        List<double[]> flat = IntStream.of(used).mapToObj(c -> flat(factors, c)).toList();
        for (int i = 0; i < used.length; i++) {
            for (int j = i + 1; j < used.length; j++) {
                double cosine = cosine(flat.get(i), flat.get(j));
                if (cosine > Diagnosis.ALIKE) {
                    report.add(Kind.SPLIT, List.of(used[i], used[j]), cosine, String.format(Locale.ROOT,
                            "Components %d and %d%s are nearly the same (cosine similarity %.2f): one mechanism was split.", used[i], used[j], of,
                            cosine));
                }
            }
        }
    }

    private double[] flat(List<Factors> all, int c) {
        return all.stream().flatMapToDouble(factors -> {
            float[] values = components.component(factors.parameter(), c).toArray();
            return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
        }).toArray();
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            ofA += a[i] * a[i];
            ofB += b[i] * b[i];
        }
        return ofA == 0 || ofB == 0 ? 0 : product / Math.sqrt(ofA * ofB);
    }
}
