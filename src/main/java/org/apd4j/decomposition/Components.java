package org.apd4j.decomposition;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apd4j.decomposition.internal.DecomposedLayer;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The parameter components of a network: one {@link Factors} for every decomposed parameter. Where components are shared, component c is the
 * same index everywhere: one mechanism may span all layers (paper section 2.1). Where they are not, every parameter has components of its own,
 * C may differ, and an index means nothing across parameters.
 *
 * <pre>{@code
 * Components components = run.decomposition().components();
 * Matrix first = components.component(Tms.ENCODER, 0);
 * System.out.println(components.count() + " components, the first is " + first);
 * }</pre>
 */
public final class Components {

    private final NetworkGraph graph;
    private final List<Factors> factors;
    private final List<DecomposedLayer> layers = new ArrayList<>();
    private final boolean shared;
    private final long entries;

    /**
     * Makes components that span all decomposed parameters.
     *
     * @param network the network
     * @param factors one for each decomposed parameter, in the network's order; parameters without factors are not decomposed
     * @throws IllegalArgumentException if they do not fit the network
     */
    public Components(Network network, List<Factors> factors) {
        this(network, factors, true);
    }

    private Components(Network network, List<Factors> factors, boolean shared) {
        this(checked(network, factors, shared), factors, shared);
    }

    private Components(NetworkGraph graph, List<Factors> factors, boolean shared) {
        this.graph = graph;
        this.factors = List.copyOf(factors);
        this.shared = shared;
        long sum = 0;
        for (NetworkGraph.Layer layer : graph.layers()) {
            layers.add(new DecomposedLayer(factors(layer.parameter()), layer.transposed()));
            sum += (long) layer.in() * layer.out();
        }
        this.entries = sum;
    }

    private static NetworkGraph checked(Network network, List<Factors> factors, boolean shared) {
        if (factors.isEmpty()) {
            throw new IllegalArgumentException("components need factors for at least one parameter of the network");
        }
        List<String> matrices = network.parameters().stream().map(Parameter::name).filter(network.matrices()::contains).toList();
        int count = factors.get(0).components();
        int last = -1;
        for (Factors own : factors) {
            int place = matrices.indexOf(own.parameter());
            if (place < 0) {
                throw new IllegalArgumentException("there are factors of '" + own.parameter() + "', which is no matrix of a linear map of the network; these are "
                        + matrices);
            }
            if (place <= last) {
                throw new IllegalArgumentException("factors of " + factors.stream().map(Factors::parameter).toList() + " are not in the network's order, "
                        + matrices);
            }
            last = place;
            Matrix values = network.parameter(own.parameter()).values();
            if (own.in() != values.rows() || own.out() != values.columns() || shared && own.components() != count) {
                throw new IllegalArgumentException("factors of '" + own.parameter() + "' [" + own.components() + ", " + own.in() + ", " + own.out()
                        + "] do not fit parameter '" + own.parameter() + "' " + values + (shared ? " with " + count + " components" : ""));
            }
        }
        return NetworkGraph.of(network, factors.stream().map(Factors::parameter).toList());
    }

    /**
     * Returns components that every parameter has of its own.
     *
     * @param network the network
     * @param factors one for each decomposed parameter, in the network's order; C may differ
     * @throws IllegalArgumentException if they do not fit the network
     */
    public static Components ofLayers(Network network, List<Factors> factors) {
        return new Components(network, factors, false);
    }

    /** Returns whether component c is the same index in all parameters. */
    public boolean isShared() {
        return shared;
    }

    /**
     * Returns C.
     *
     * @throws IllegalStateException if every parameter has components of its own, see {@link #counts}
     */
    public int count() {
        if (!shared) {
            throw new IllegalStateException("every parameter has components of its own: " + counts() + " of them");
        }
        return factors.get(0).components();
    }

    /** Returns C of every parameter, in their order. */
    public List<Integer> counts() {
        return factors.stream().map(Factors::components).toList();
    }

    /** N: number of entries of all decomposed layers, a transposed one counted again. */
    public long entries() {
        return entries;
    }

    /** Returns the network as a graph whose layers are the uses of the decomposed parameters. */
    public NetworkGraph graph() {
        return graph;
    }

    /** All factors, in the order of the network's parameters. */
    public List<Factors> factors() {
        return factors;
    }

    /**
     * The factors of a parameter.
     *
     * @throws NoSuchElementException if it is not decomposed
     */
    public Factors factors(String parameter) {
        return factors.stream().filter(own -> own.parameter().equals(parameter)).findFirst()
                .orElseThrow(() -> new NoSuchElementException("'" + parameter + "' is not decomposed; "
                        + factors.stream().map(Factors::parameter).toList() + " are"));
    }

    /** Number of layers that use a parameter. */
    public int uses(Factors own) {
        return (int) layers.stream().filter(layer -> layer.factors() == own).count();
    }

    public List<DecomposedLayer> layers() {
        return layers;
    }

    /** {@code P_c = A_c B_c} of a parameter, {@code [d_in, d_out]}, a new block. */
    public Matrix component(String parameter, int c) {
        Factors own = factors(parameter);
        return Gemm.product(own.a(c), own.b(c), Matrix.zeros(own.in(), own.out()));
    }

    /** Returns each layer's matrix in the network, in the order of {@link NetworkGraph#layers}. */
    public List<Matrix> layerWeights(Network network) {
        return layerWeights(factors.stream().map(own -> network.parameter(own.parameter()).values()).toList());
    }

    /** Returns each layer's matrix, given its parameter's. */
    public List<Matrix> layerWeights(List<Matrix> ofParameters) {
        List<Matrix> weights = new ArrayList<>();
        for (NetworkGraph.Layer layer : graph.layers()) {
            weights.add(layer.weights(ofParameters.get(factors.indexOf(factors(layer.parameter())))));
        }
        return weights;
    }

    /** A copy that does not change any more. */
    public Components copy() {
        return new Components(graph, factors.stream().map(Factors::copy).toList(), shared);
    }

    @Override
    public String toString() {
        return count() + " components of " + String.join(", ", factors.stream().map(Factors::parameter).toList());
    }
}
