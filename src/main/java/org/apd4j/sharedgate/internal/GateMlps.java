package org.apd4j.sharedgate.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.decomposition.internal.Gates;
import org.apd4j.math.Matrix;
import org.apd4j.sharedgate.GateKind;
import org.apd4j.sharedgate.SharedGateConfig;
import org.apd4j.training.internal.Optimizer;

/**
 * The gates that are MLPs, by gate matrix; none where gates are of another kind. They take the place of slopes and offsets, which stay at 1 and 0:
 * {@code γ[b,c] = Σ_l mlp_{l,c}(x_l A_l[:,c])}.
 */
final class GateMlps {

    private static final float[] NOTHING = {0};

    private final List<String> nodes;
    private final List<Gates> all;
    /** For an empty sample. */
    private final Gates.Memory memory = new Gates.Memory(1);

    /** Creates gates whose parameters are all 0. */
    GateMlps(SharedGateConfig config, Layout layout) {
        this.nodes = config.gate() == GateKind.MLP ? nodes(layout) : List.of();
        this.all = nodes.stream().map(node -> Gates.zeros(config.components(), config.gateWidth())).toList();
    }

    private static List<String> nodes(Layout layout) {
        return layout.gates().stream().map(l -> layout.graph().layers().get(l).node()).toList();
    }

    /** Adds the shapes of the parameters, as they are in files, to those of other arrays. */
    static void addShapes(SharedGateConfig config, Layout layout, Map<String, int[]> shapes) {
        for (String node : config.gate() == GateKind.MLP ? nodes(layout) : List.<String>of()) {
            shapes.putAll(Gates.shapes(node, config.components(), config.gateWidth()));
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<Gates> all() {
        return all;
    }

    /** Sets the initial values, the same as SPD's. */
    void begin(long seed, long purpose) {
        for (int gate = 0; gate < all.size(); gate++) {
            Gates own = all.get(gate);
            Map<String, Matrix> random = Gates.random(own.components(), own.width(), seed, purpose, gate).parameters("");
            own.parameters("").forEach((name, values) -> values.copyFrom(Objects.requireNonNull(random.get(name), name)));
        }
    }

    void register(Optimizer optimizer) {
        for (int gate = 0; gate < all.size(); gate++) {
            all.get(gate).parameters(nodes.get(gate)).forEach(optimizer::add);
        }
    }

    /** Returns γ of a component on an empty sample. */
    float gammaOfZero(int component) {
        float[] n = new float[1];
        float gamma = 0;
        for (Gates own : all) {
            own.forward(component, NOTHING, 0, 1, n, 0, memory);
            gamma += n[0];
        }
        return gamma;
    }

    /**
     * Sets the gradients.
     *
     * @param live   the components that are alive; the gradients of all others are 0
     * @param parts  the first {@code used} hold the gradients of the parts of a batch
     * @param ofZero by live component: gradient with respect to γ on an empty sample
     */
    void gradients(int[] live, LivePass.Sums[] parts, int used, float[] ofZero, Optimizer into) {
        float[] unused = new float[1];
        for (int gate = 0; gate < all.size(); gate++) {
            Gates own = all.get(gate);
            Gates.Gradients gradients = own.gradients(nodes.get(gate), into);
            gradients.clear();
            Gates.Sums ofEmpty = own.sums();
            for (int i = 0; i < live.length; i++) {
                own.backward(live[i], NOTHING, new float[] {ofZero[i]}, 0, 1, unused, ofEmpty, memory);
                gradients.add(live[i], ofEmpty);
                for (int p = 0; p < used; p++) {
                    gradients.add(live[i], parts[p].mlps.get(gate));
                }
            }
        }
    }
}
