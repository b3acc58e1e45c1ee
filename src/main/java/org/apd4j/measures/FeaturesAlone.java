package org.apd4j.measures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The components that features activate when they are alone in the input, each at the largest value at which it occurs. Features that the network
 * makes little of are left out. Only layers that the input reaches without passing another decomposed layer are looked at: what others do belongs to
 * several features at once.
 */
final class FeaturesAlone {

    /** A feature counts if what it changes in the output is at least this fraction of the median feature's, by squares. */
    private static final double COUNTS = 0.1;

    private final MeasurementContext context;
    /** By feature: the value with the largest absolute value; 0 for one that does not occur. */
    private final float[] largest;

    FeaturesAlone(MeasurementContext context) {
        this.context = context;
        this.largest = new float[context.features()];
    }

    void add(SparseRows x) {
        for (int i = 0; i < x.size(); i++) {
            int feature = x.column(i);
            largest[feature] = Math.abs(x.value(i)) > Math.abs(largest[feature]) ? x.value(i) : largest[feature];
        }
    }

    void addTo(Report report) {
        int[] occurring = IntStream.range(0, largest.length).filter(feature -> largest[feature] != 0).toArray();
        if (occurring.length == 0 || !report.asksFor(Kind.NOT_COVERED) && !report.asksFor(Kind.MERGED)) {
            return;
        }
        SparseRows x = new SparseRows(largest.length);
        for (int feature : occurring) {
            x.add(feature, largest[feature]);
            x.endRow();
        }
        ComponentMask own = context.evaluator().ownMask(x);
        if (!(own instanceof SoftMask mask)) {
            return; // a selection keeps components on every input, and over other batches others
        }
        int[] rows = counting(x, mask);
        Components components = context.decomposition().components();
        List<NetworkGraph.Layer> layers = components.graph().layers();
        if (components.isShared()) {
            look(mask.layer(0), rows, occurring, "", report);
            return;
        }
        for (int l = 0; l < layers.size(); l++) {
            if (!components.graph().path(components.graph().input(), components.graph().layerInput(l)).isZero()) {
                look(mask.layer(l), rows, occurring, " of '" + layers.get(l).node() + "'", report);
            }
        }
    }

    /** Returns the rows whose feature changes the output enough. */
    private int[] counting(SparseRows x, SoftMask mask) {
        Matrix y = context.evaluator().target(x);
        Matrix none = context.evaluator().masked(x, OutputErrors.none(mask));
        double[] changes = MeasurementContext.squaredErrors(y, none);
        double[] sorted = changes.clone();
        Arrays.sort(sorted);
        double least = COUNTS * sorted[sorted.length / 2];
        return IntStream.range(0, changes.length).filter(row -> changes[row] > 0 && changes[row] >= least).toArray();
    }

    private static void look(Matrix importances, int[] rows, int[] features, String of, Report report) {
        List<Integer> without = new ArrayList<>();
        Map<Integer, List<Integer>> owners = new TreeMap<>();
        for (int row : rows) {
            int strongest = 0;
            for (int c = 1; c < importances.columns(); c++) {
                strongest = importances.get(row, c) > importances.get(row, strongest) ? c : strongest;
            }
            if (importances.get(row, strongest) > MeasurementContext.ACTIVE) {
                owners.computeIfAbsent(strongest, none -> new ArrayList<>()).add(features[row]);
            } else {
                without.add(features[row]);
            }
        }
        if (!without.isEmpty()) {
            report.add(Kind.NOT_COVERED, List.of(), without.size(), String.format(Locale.ROOT,
                    "Alone in the input, %d of %d features %s no component%s: %s.", without.size(), rows.length,
                    without.size() == 1 ? "activates" : "activate", of, Report.text(without, ", ")));
        }
        owners.forEach((component, own) -> {
            if (own.size() > 1) {
                report.add(Kind.MERGED, List.of(component), own.size(), String.format(Locale.ROOT,
                        "Component %d%s is the strongest for several features, each alone in the input: %s.", component, of, Report.text(own, ", ")));
            }
        });
    }
}
