package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.training.internal.Optimizer;

/** The rebuilding of components that no sample uses, from samples that the components in use explain badly. */
final class Restart {

    private static final float UNUSED = 0.5f;
    private static final double UNEXPLAINED = 0.4;
    private static final double SIMILAR = 0.5;

    /** A component that was rebuilt, and from which of the samples. */
    record Rebuilt(int component, int sample) {
    }

    private final SharedGateObjective objective;
    private final int number;
    private final List<Rebuilt> rebuilt = new ArrayList<>();
    private float[] largest = {};
    private double[] rho = {};

    /** @param number the number of the restart in the run */
    Restart(SharedGateObjective objective, int number) {
        this.objective = objective;
        this.number = number;
    }

    /** Returns each sample divided by its largest absolute entry. */
    static SparseRows scaled(SparseRows x) {
        SparseRows scaled = new SparseRows(x.columns());
        for (int row = 0; row < x.rows(); row++) {
            float largest = 0;
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                largest = Math.max(largest, Math.abs(x.value(i)));
            }
            for (int i = x.start(row); i < x.start(row + 1); i++) {
                scaled.add(x.column(i), x.value(i) / largest);
            }
            scaled.endRow();
        }
        return scaled;
    }

    /** Rebuilds dead components in the order of their index, as long as a sample is explained badly. */
    Restart run(SparseRows drawn, Optimizer optimizer) {
        SparseRows x = scaled(drawn);
        largest = objective.largest(x);
        rho = objective.unexplained(x);
        double[] left = rho.clone();
        double[][] directions = InitialValues.directions(objective.network(), objective.layout.graph(), x);
        double[] cosines = new double[x.rows()];
        boolean[] alive = objective.alive();
        for (int c = 0; c < largest.length; c++) {
            if (!alive[c] || !(largest[c] < UNUSED)) {
                continue;
            }
            int worst = 0;
            for (int i = 1; i < left.length; i++) {
                worst = left[i] > left[worst] ? i : worst;
            }
            if (!(left[worst] > UNEXPLAINED)) {
                break;
            }
            rebuild(c, InitialValues.upright(x, new int[] {worst}), optimizer);
            rebuilt.add(new Rebuilt(c, worst));
            InitialValues.cosines(directions, worst, cosines);
            for (int i = 0; i < left.length; i++) {
                left[i] = Math.abs(cosines[i]) > SIMILAR ? 0 : left[i];
            }
        }
        return this;
    }

    private void rebuild(int component, Matrix sample, Optimizer optimizer) {
        InitialValues.firstPieces(objective.network(), objective.layout, objective.pieces, sample, new int[] {component}, objective.config().start());
        for (int p = 0; p < objective.pieces.size(); p++) {
            Pieces own = objective.pieces.get(p);
            int in = own.a().columns();
            float[] normals = new float[(own.rank() - 1) * in];
            objective.draws().restartPieces(number, rebuilt.size(), p, normals);
            for (int r = 1; r < own.rank(); r++) {
                int row = r * own.components() + component;
                System.arraycopy(normals, (r - 1) * in, own.a().data(), own.a().rowStart(row), in);
                InitialValues.scale(own.a().block(row, 1), 1 / Math.sqrt(in));
                own.b().block(row, 1).fill(0);
            }
            for (float[] moments : List.of(optimizer.means(SharedGateObjective.aName(own.parameter())),
                    optimizer.squares(SharedGateObjective.aName(own.parameter())))) {
                own.clear(moments, in, component);
            }
            for (float[] moments : List.of(optimizer.means(SharedGateObjective.bName(own.parameter())),
                    optimizer.squares(SharedGateObjective.bName(own.parameter())))) {
                own.clear(moments, own.b().columns(), component);
            }
        }
        int components = objective.config().components();
        for (int gate = 0; gate < objective.s.rows(); gate++) {
            objective.s.set(gate, component, (float) (objective.config().gateSlope() / objective.s.rows()));
            Arrays.fill(optimizer.means(SharedGateObjective.S), gate * components + component, gate * components + component + 1, 0);
            Arrays.fill(optimizer.squares(SharedGateObjective.S), gate * components + component, gate * components + component + 1, 0);
        }
        objective.b.set(0, component, 0);
        optimizer.means(SharedGateObjective.B)[component] = 0;
        optimizer.squares(SharedGateObjective.B)[component] = 0;
    }

    /** Returns the largest g of each component before anything was rebuilt. */
    float[] largest() {
        return largest;
    }

    /** Returns how badly each sample was explained before anything was rebuilt. */
    double[] rho() {
        return rho;
    }

    /** Returns what was rebuilt, in order. */
    List<Rebuilt> rebuilt() {
        return rebuilt;
    }
}
