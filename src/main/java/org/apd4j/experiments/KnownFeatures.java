package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.NodeBasis;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Grid;
import org.apd4j.measures.FeatureDirections;
import org.apd4j.measures.residual.NeuronContributions;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;

/**
 * The Local Interaction Basis beside a decomposition of the same target: what each finds of features that are known, one for each input. A feature's
 * direction in a node layer is what the layer gains when the input is 1; in the weights it is the feature's row of the encoder of TMS, or its
 * {@linkplain NeuronContributions contributions} of the neurons of a residual MLP.
 *
 * <pre>{@code
 * InteractionTables.features(Map.of("TMS 5-2", KnownFeatures.of("APD", run, 2_000, 0)))
 * }</pre>
 */
public final class KnownFeatures {

    private static final double THRESHOLD = 1e-7;
    /** How many more samples there are for means and Gram matrices, which cost little, than for Jacobians. */
    private static final int MORE = 10;
    private static final String ENCODER = "encoder";
    private static final String NEURONS = ".neurons";

    private KnownFeatures() {
    }

    /**
     * Compares a decomposition with the bases of the input and of the hidden layer, or the neurons.
     *
     * @param method  the name of the decomposition's method
     * @param samples number of samples of the Jacobians; means and Gram matrices take ten times as many
     * @param seed    of the samples
     * @return by method and, for the basis, node layer
     * @throws IllegalArgumentException if the target is neither TMS nor a residual MLP with an output for every feature, or its data are not sparse
     *                                  features
     */
    public static Map<String, FeatureDirections> of(String method, DecompositionSource decomposed, int samples, long seed) {
        Decomposition decomposition = decomposed.decomposition();
        Target target = decomposition.target();
        if (!(target.data() instanceof SparseFeatures)) {
            throw new IllegalArgumentException("the data of '" + target.name() + "' are " + target.data()
                    + "; only the inputs of SparseFeatures are features that are known");
        }
        Map<String, FeatureDirections> found = new LinkedHashMap<>();
        found.put(method, ofComponents(decomposition));
        SectionedNetwork network = SectionedNetwork.of(target.network());
        List<String> layers = network.nodeLayers().stream().filter(name -> name.equals("input") || name.equals(ENCODER) || name.endsWith(NEURONS)
                || name.equals(SectionedNetwork.OUTPUT)).toList();
        Samples many = Samples.of(target.data().sample(seed, MORE * samples).toDense());
        InteractionBasis basis = InteractionBasis.of(network, layers, many.rows(0, samples), many, InteractionConfig.paper().with(c -> c.threshold = THRESHOLD));
        for (String layer : layers.subList(0, layers.size() - 1)) {
            found.put("LIB, " + layer, FeatureDirections.of(directions(network, layer), nodes(basis.layer(layer))));
        }
        return found;
    }

    private static FeatureDirections ofComponents(Decomposition decomposition) {
        Target target = decomposition.target();
        if (!target.network().matrices().contains(Tms.ENCODER)) {
            NeuronContributions contributions = NeuronContributions.of(decomposition);
            return FeatureDirections.ofRows(contributions.target(), contributions.components());
        }
        int count = decomposition.components().factors(Tms.ENCODER).components();
        List<Grid> components = new ArrayList<>();
        IntStream.range(0, count).forEach(c -> components.add(grid(decomposition.components().component(Tms.ENCODER, c))));
        return FeatureDirections.ofRows(grid(target.network().parameter(Tms.ENCODER).values()), components);
    }

    private static Grid grid(Matrix matrix) {
        return Grid.of(matrix.rows(), matrix.columns(), matrix::get);
    }

    /** Returns what a node layer gains when each input in turn is 1, {@code [features, d]}. */
    private static Grid directions(SectionedNetwork network, String layer) {
        int features = network.inputs();
        double[][] oneHot = new double[features + 1][features];
        for (int i = 0; i < features; i++) {
            oneHot[i][i] = 1;
        }
        Grid values = network.values(layer, Samples.of(oneHot));
        return Grid.of(features, values.columns(), (i, j) -> values.get(i, j) - values.get(features, j));
    }

    /** Returns the directions of the nodes in the layer's activations, {@code [n − 1, d]}, without that of the constant. */
    private static Grid nodes(NodeBasis basis) {
        return Grid.of(basis.nodes() - 1, basis.width(), (n, j) -> basis.inverse().get(n + 1, j));
    }
}
