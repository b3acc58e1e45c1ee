package org.apd4j.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apd4j.decomposition.AttributionImportance;
import org.apd4j.decomposition.ComponentMask;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Finding.Kind;
import org.apd4j.decomposition.Mask;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.SoftMask;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.measures.internal.MeasurementContext;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Softmax;

/**
 * The error of the output of the active components, beside that of more of them and of none. More of them are twice as many where a selection keeps
 * components, and all of them where gates open by degrees.
 */
final class OutputErrors {

    private final MeasurementContext context;
    private final Decomposition found;
    private double error;
    private double errorOfMore;
    private double errorOfNone;
    private double along;
    private double length;
    private double ownLength;
    private boolean isHard;
    /** By layer, where components belong to single layers: the error with the masks of this layer alone. */
    private final double[] errorsOfLayers;

    OutputErrors(MeasurementContext context) {
        this.context = context;
        this.found = context.decomposition();
        Components components = found.components();
        this.errorsOfLayers = new double[components.isShared() ? 0 : components.graph().layers().size()];
    }

    void add(SparseRows x, ComponentMask mask) {
        Matrix y = compared(context.evaluator().target(x));
        Matrix own = compared(context.evaluator().masked(x, mask));
        Matrix none = compared(context.evaluator().masked(x, none(mask)));
        error += own.squaredDistance(y);
        errorOfMore += compared(more(x, mask)).squaredDistance(y);
        errorOfNone += none.squaredDistance(y);
        along += product(own, y, none);
        length += product(y, y, none);
        ownLength += product(own, own, none);
        for (int l = 0; l < errorsOfLayers.length; l++) {
            errorsOfLayers[l] += compared(context.evaluator().masked(x, alone((SoftMask) mask, l))).squaredDistance(y);
        }
    }

    /** Returns what the losses compare: the outputs, or the probabilities if they are logits. */
    Matrix compared(Matrix output) {
        return found.target().isClassifier() ? Softmax.probabilities(output) : output;
    }

    /** Returns a mask of the same form that switches everything off. */
    static ComponentMask none(ComponentMask like) {
        if (like instanceof SoftMask soft) {
            return filled(soft, 0, -1);
        }
        int components = ((Mask) like).components();
        return Mask.of(new boolean[like.rows()][components], components);
    }

    private Matrix more(SparseRows x, ComponentMask mask) {
        isHard = mask instanceof Mask;
        if (mask instanceof SoftMask soft) {
            return context.evaluator().masked(x, filled(soft, 1, -1));
        }
        return context.evaluator().selected(twiceAsMany((Mask) mask), x);
    }

    /** Returns a mask of one value, but for one layer that keeps its own; −1 for none. */
    private static SoftMask filled(SoftMask mask, float value, int kept) {
        List<Matrix> layers = new ArrayList<>();
        for (int l = 0; l < mask.layers(); l++) {
            Matrix own = mask.layer(l);
            layers.add(l == kept ? own : Matrix.zeros(own.rows(), own.columns()).fill(value));
        }
        return mask.isShared() ? SoftMask.shared(layers.get(0)) : SoftMask.ofLayers(layers);
    }

    private static SoftMask alone(SoftMask mask, int layer) {
        return filled(mask, 1, layer);
    }

    /** Returns a selection of twice as many components as are active: of the kind that training used if it had one, otherwise batch top-k. */
    private Selection twiceAsMany(Mask mask) {
        Optional<Selection> own = found.importance() instanceof AttributionImportance selected ? selected.selection() : Optional.empty();
        if (own.isPresent() && own.get() instanceof Selection.PerSampleTopK top) {
            return Selection.perSampleTopK(Math.min(mask.components(), 2 * top.k()));
        }
        double k = own.isPresent() && own.get() instanceof Selection.BatchTopK top ? top.k() : Math.max(1, mask.size()) / (double) mask.rows();
        return Selection.batchTopK(Math.min(mask.components(), 2 * k));
    }

    void addTo(Report report, double small) {
        double part = error / errorOfNone;
        double shrunk = along / length;
        // The error that remains after scaling the output by the best factor: small, if its size is all that is wrong.
        double stretched = length - along * along / ownLength;
        if (shrunk < Diagnosis.SHRUNK && stretched < 0.5 * error && (isHard || part > small)) {
            report.add(Kind.SHRUNK, List.of(), shrunk, String.format(Locale.ROOT,
                    "Active components make only %.0f %% of the target's output: they have shrunk.", 100 * shrunk));
        } else if (part > small && error > Diagnosis.MISSING * errorOfMore) {
            report.add(Kind.TOO_FEW_ACTIVE, List.of(), part, String.format(Locale.ROOT,
                    "The active components leave %.0f %% of the output unexplained; with %s it would be only %.0f %%%s.", 100 * part,
                    isHard ? "twice as many" : "all of them on", 100 * errorOfMore / errorOfNone, worstLayer()));
        } else if (part > small) {
            report.add(Kind.NOT_MINIMAL, List.of(), part, String.format(Locale.ROOT,
                    "The active components leave %.0f %% of the output unexplained; %s would still leave %.0f %%%s.", 100 * part,
                    isHard ? "twice as many" : "all of them", 100 * errorOfMore / errorOfNone, worstLayer()));
        }
    }

    private String worstLayer() {
        int worst = 0;
        for (int l = 1; l < errorsOfLayers.length; l++) {
            worst = errorsOfLayers[l] > errorsOfLayers[worst] ? l : worst;
        }
        if (errorsOfLayers.length < 2) {
            return "";
        }
        NetworkGraph.Layer layer = found.components().graph().layers().get(worst);
        return String.format(Locale.ROOT, " (%.0f %% with the importances of '%s' alone)", 100 * errorsOfLayers[worst] / errorOfNone, layer.node());
    }

    /** Returns {@code Σ (a − zero)(b − zero)}. */
    private static double product(Matrix a, Matrix b, Matrix zero) {
        double sum = 0;
        for (int row = 0; row < a.rows(); row++) {
            for (int j = 0; j < a.columns(); j++) {
                sum += (double) (a.get(row, j) - zero.get(row, j)) * (b.get(row, j) - zero.get(row, j));
            }
        }
        return sum;
    }
}
