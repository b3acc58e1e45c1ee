package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;

/**
 * Components with one more, the delta component: what the others lack of the target's weights, {@code Δ = W − Σ_c P_c}, so that all together are the
 * target. It may need a higher rank than the others have; so it is stored as several pieces of their rank, the last ones of each parameter, which a
 * mask must switch together.
 *
 * @param components the components, followed by the pieces of the delta component
 * @param pieces     the number of pieces in each decomposed parameter, in the network's order
 */
public record DeltaComponent(Components components, List<Integer> pieces) {

    /** Returns the components of a network with their delta component. */
    public static DeltaComponent of(Network network, Components components, Workers workers) {
        ComponentSum sum = new ComponentSum(components, workers);
        sum.compute();
        List<Integer> pieces = new ArrayList<>();
        for (Factors own : components.factors()) {
            int full = Math.min(own.in(), own.out());
            pieces.add((full + own.rank() - 1) / own.rank());
        }
        if (components.isShared()) {
            Collections.fill(pieces, Collections.max(pieces));
        }
        List<Factors> extended = new ArrayList<>();
        for (int p = 0; p < pieces.size(); p++) {
            Factors own = components.factors().get(p);
            extended.add(extended(own, difference(network.parameter(own.parameter()).values(), sum.of(p)), pieces.get(p)));
        }
        return new DeltaComponent(components.isShared() ? new Components(network, extended) : Components.ofLayers(network, extended),
                List.copyOf(pieces));
    }

    private static Matrix difference(Matrix weights, Matrix sum) {
        Matrix difference = Matrix.zeros(weights.rows(), weights.columns());
        for (int i = 0; i < weights.rows(); i++) {
            for (int j = 0; j < weights.columns(); j++) {
                difference.set(i, j, weights.get(i, j) - sum.get(i, j));
            }
        }
        return difference;
    }

    private static Factors extended(Factors own, Matrix delta, int pieces) {
        int count = own.components();
        Factors all = Factors.zeros(own.parameter(), count + pieces, own.in(), own.out(), own.rank());
        for (int c = 0; c < count; c++) {
            all.a(c).copyFrom(own.a(c));
            all.b(c).copyFrom(own.b(c));
        }
        boolean byRows = own.in() <= own.out();
        for (int k = 0; k < Math.min(own.in(), own.out()); k++) {
            Matrix a = all.a(count + k / own.rank());
            Matrix b = all.b(count + k / own.rank());
            int piece = k % own.rank();
            if (byRows) {
                a.set(k, piece, 1);
                for (int j = 0; j < own.out(); j++) {
                    b.set(piece, j, delta.get(k, j));
                }
            } else {
                b.set(piece, k, 1);
                for (int i = 0; i < own.in(); i++) {
                    a.set(i, piece, delta.get(i, k));
                }
            }
        }
        return all;
    }
}
