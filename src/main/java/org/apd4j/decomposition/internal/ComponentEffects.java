package org.apd4j.decomposition.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apd4j.decomposition.Components;
import org.apd4j.math.Matrix;
import org.apd4j.network.internal.LinearMap;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.network.internal.Sink;
import org.apd4j.network.internal.Source;
import org.jspecify.annotations.Nullable;

/**
 * The first-order effects of a component on the linear parts of a network: {@code effect_c(s → t) = Σ_l before(s → l) P_cl after(l → t)}, in the terms
 * of {@link LinearParts}. They are a few small matrices a component, computed once a step for all samples.
 */
public final class ComponentEffects {

    /** A linear part that components change, and the layers through which they do. */
    public record Effect(Source source, Sink sink, List<Integer> layers) {
    }

    /** Working memory and results for one component at a time. */
    public static final class Memory {
        private final Matrix[] effects;
        private final Matrix[][] left;
        private final Matrix[][] right;

        private Memory(ComponentEffects all) {
            NetworkGraph graph = all.components.graph();
            effects = new Matrix[all.effects.size()];
            left = new Matrix[graph.sources().size()][graph.layers().size()];
            right = new Matrix[graph.layers().size()][graph.sinks().size()];
            for (int e = 0; e < effects.length; e++) {
                Effect effect = all.effects.get(e);
                effects[e] = Matrix.zeros(effect.source().width(), all.parts.width(effect.sink()));
                for (int layer : effect.layers()) {
                    int rank = all.components.layers().get(layer).rank();
                    left[effect.source().index()][layer] = Matrix.zeros(effect.source().width(), rank);
                    right[layer][effect.sink().index()] = Matrix.zeros(rank, all.parts.width(effect.sink()));
                }
            }
        }
    }

    private final Components components;
    /** By component, the effects on the present parts, if components never change; null otherwise. */
    private final Matrix @Nullable [][] kept;
    @SuppressWarnings("NullAway.Init") // set by use, before which nothing reads it
    private LinearParts parts;
    private List<Effect> effects = List.of();

    /** @param frozen whether components never change: effects are then computed once for each {@link LinearParts} and cached */
    public ComponentEffects(Components components, boolean frozen) {
        this.components = components;
        this.kept = frozen ? new Matrix[components.count()][] : null;
    }

    /**
     * Sets the linear parts on which effects are computed.
     *
     * @return whether {@link #effects} and the width of the output stayed the same, so that working memory made before still fits
     */
    public boolean use(LinearParts parts) {
        if (this.parts == parts) {
            return true;
        }
        Sink output = components.graph().output();
        boolean sameWidth = this.parts != null && this.parts.width(output) == parts.width(output);
        this.parts = parts;
        if (kept != null) {
            Arrays.fill(kept, null);
        }
        List<Effect> found = new ArrayList<>();
        NetworkGraph graph = components.graph();
        for (Sink sink : graph.sinksBesideLayers()) {
            for (Source source : graph.sourcesBesideLayers()) {
                List<Integer> layers = layersBetween(source, sink);
                if (!layers.isEmpty()) {
                    found.add(new Effect(source, sink, layers));
                }
            }
        }
        boolean same = sameWidth && effects.equals(found);
        effects = found;
        return same;
    }

    private List<Integer> layersBetween(Source source, Sink sink) {
        List<Integer> layers = new ArrayList<>();
        for (int layer = 0; layer < components.layers().size(); layer++) {
            if (!parts.before(source, layer).isZero() && !parts.after(layer, sink).isZero()) {
                layers.add(layer);
            }
        }
        return layers;
    }

    /** Returns the linear parts that components change. */
    public List<Effect> effects() {
        return effects;
    }

    /** Returns the linear parts that were set last. */
    public LinearParts parts() {
        return parts;
    }

    /** Returns working memory for one thread. */
    public Memory newMemory() {
        return new Memory(this);
    }

    /** Returns the approximate number of multiplications of {@link #of}. */
    public long multiplications() {
        if (kept != null && kept[0] != null) {
            return 0;
        }
        long sum = 0;
        for (Effect effect : effects) {
            for (int layer : effect.layers()) {
                DecomposedLayer own = components.layers().get(layer);
                long in = effect.source().width();
                long out = parts.width(effect.sink());
                sum += own.rank() * (in * out + in * own.in() + out * own.out());
            }
        }
        return sum;
    }

    /** Returns all effects of a component, in the order of {@link #effects}; valid until the memory serves another component. */
    public Matrix[] of(int c, Memory memory) {
        if (kept == null) {
            compute(c, memory);
            return memory.effects;
        }
        if (kept[c] == null) {
            compute(c, memory);
            kept[c] = Arrays.stream(memory.effects).map(Matrix::copy).toArray(Matrix[]::new);
        }
        return kept[c];
    }

    private void compute(int c, Memory memory) {
        for (int e = 0; e < effects.size(); e++) {
            Effect effect = effects.get(e);
            boolean first = true;
            for (int layer : effect.layers()) {
                components.layers().get(layer).effect(c, parts.before(effect.source(), layer), parts.after(layer, effect.sink()),
                        memory.left[effect.source().index()][layer], memory.right[layer][effect.sink().index()], first ? 0 : 1, memory.effects[e]);
                first = false;
            }
        }
    }

    /** Adds to the gradients of the component's matrices {@code P_c}, one a parameter, what follows from the gradient of an effect. */
    public void addComponentGradients(int e, Matrix effectGradient, Matrix[] parameterGradients) {
        Effect effect = effects.get(e);
        for (int l : effect.layers()) {
            DecomposedLayer layer = components.layers().get(l);
            Matrix ofLayer = Matrix.zeros(layer.in(), layer.out());
            LinearMap.addSandwiched(parts.before(effect.source(), l), effectGradient, parts.after(l, effect.sink()), ofLayer);
            layer.addToParameter(ofLayer, parameterGradients[components.factors().indexOf(layer.factors())]);
        }
    }
}
