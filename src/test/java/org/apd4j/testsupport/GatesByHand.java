package org.apd4j.testsupport;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apd4j.data.Sampler;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Finding;
import org.apd4j.decomposition.GateSquashing;
import org.apd4j.decomposition.Importance;
import org.apd4j.decomposition.Remedies;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.math.Matrix;
import org.apd4j.measures.Diagnosis;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.SharedGateImportance;
import org.apd4j.spd.GateImportance;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.training.Provenance;

/**
 * Decompositions with gates given by hand, of a network of four features that computes {@code y = ReLU(x)} through four orthogonal directions. At
 * first, component c reads and writes feature c alone and its gate opens as soon as the feature is above a twentieth; components beyond the fourth are
 * 0 and stay closed.
 */
public final class GatesByHand {

    public static final int FEATURES = 4;
    private static final float STEEP = 20;
    private static final int BATCH = 512;

    /** {@code [C, 4]}: what the components read. */
    public final Matrix a;
    /** {@code [C, 4]}: what they write. */
    public final Matrix b;
    /** {@code [2, C]}: slopes of the gates of encoder and decoder; shared gates have the encoder's. */
    public final Matrix slope;
    /** {@code [2, C]}: their offsets. */
    public final Matrix offset;
    /** {@code [1, C]}: for shared gates, 1 for components that are alive. */
    public final Matrix alive;
    public Sampler data = new SparseFeatures(FEATURES, HandMade.PROBABILITY, 0, 1);
    public Matrix weights = Matrix.identity(FEATURES);
    public long seed;

    private GatesByHand(int components) {
        a = Matrix.zeros(components, FEATURES);
        b = Matrix.zeros(components, FEATURES);
        slope = Matrix.zeros(2, components);
        offset = Matrix.zeros(2, components);
        alive = Matrix.zeros(1, components).fill(1);
        for (int c = 0; c < Math.min(components, FEATURES); c++) {
            a.set(c, c, 1);
            b.set(c, c, 1);
            slope.set(0, c, STEEP);
            slope.set(1, c, STEEP);
        }
    }

    /** Returns components and gates that are right, but for what is changed. */
    public static GatesByHand of(int components, Consumer<GatesByHand> change) {
        GatesByHand made = new GatesByHand(components);
        change.accept(made);
        return made;
    }

    /** Closes the gate of a component: in both layers for shared gates, otherwise in one. */
    public void close(int layer, int component) {
        slope.set(layer, component, 0);
        offset.set(layer, component, -0.01f);
    }

    private Target target() {
        return new Target("four features", Tms.network(weights, new Matrix[0], Matrix.zeros(1, FEATURES)), data, Labels.INPUT);
    }

    private Factors factors() {
        Factors factors = Factors.zeros(Tms.ENCODER, a.rows(), FEATURES, FEATURES, 1);
        for (int c = 0; c < a.rows(); c++) {
            for (int i = 0; i < FEATURES; i++) {
                factors.a(c).set(i, 0, a.get(c, i));
                factors.b(c).set(0, i, b.get(c, i));
            }
        }
        return factors;
    }

    /** Returns the components with linear gates of each layer, as SPD has them. */
    public Decomposition ofLayers() {
        Target target = target();
        List<Gates> gates = List.of(gates(0), gates(1));
        return found(target, Components.ofLayers(target.network(), List.of(factors())), new GateImportance(gates, BATCH, GateSquashing.LEAKY));
    }

    private Gates gates(int layer) {
        Gates gates = Gates.zeros(a.rows(), 0);
        List<Matrix> parameters = List.copyOf(gates.parameters("").values());
        for (int c = 0; c < a.rows(); c++) {
            parameters.get(0).set(c, 0, slope.get(layer, c));
            parameters.get(1).set(c, 0, offset.get(layer, c));
        }
        return gates;
    }

    /** Returns the components with one gate each, as shared gates have them. */
    public Decomposition shared() {
        Target target = target();
        return found(target, new Components(target.network(), List.of(factors())),
                new SharedGateImportance(GateKind.ABSOLUTE, List.of("encoder"), slope.block(0, 1).copy(), offset.block(0, 1).copy(), alive, BATCH));
    }

    private Decomposition found(Target target, Components components, Importance importance) {
        return new Decomposition(target, components, importance, Provenance.here(seed, 0, 0, 1));
    }

    /** Returns a decomposition whose settings are known. */
    public static DecompositionSource with(Decomposition found, Remedies remedies) {
        return new DecompositionSource() {
            @Override
            public Decomposition decomposition() {
                return found;
            }

            @Override
            public Remedies remedies() {
                return remedies;
            }
        };
    }

    /** Returns the kinds of problems that a diagnosis finds. */
    public static List<Finding.Kind> kinds(DecompositionSource found) {
        return Diagnosis.of(found).findings().stream().map(Finding::kind).toList();
    }

    /** Returns the problem of a kind that a diagnosis finds. */
    public static Finding finding(Finding.Kind kind, DecompositionSource found) {
        Diagnosis diagnosis = Diagnosis.of(found);
        return diagnosis.findings().stream().filter(finding -> finding.kind() == kind).findFirst()
                .orElseThrow(() -> new AssertionError("no finding " + kind + " in " + Arrays.toString(diagnosis.findings().toArray())));
    }
}
