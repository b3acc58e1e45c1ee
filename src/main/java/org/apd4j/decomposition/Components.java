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
 * The parameter components of a network: one {@link Factors} for every decomposed parameter. Shared components have the same index in all
 * parameters, so that one mechanism may span several layers (paper section 2). Otherwise every parameter has its own components, their number C
 * may differ, and equal indices in different parameters are unrelated.
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
     * Creates shared components.
     *
     * @param network the network
     * @param factors the factors of each decomposed parameter, in the network's order; parameters without factors are not decomposed
     * @throws IllegalArgumentException if the factors do not fit the network, or differ in their number of components
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
                throw new IllegalArgumentException("there are factors of '" + own.parameter()
                        + "', which is not the matrix of a linear map; choose from " + matrices);
            }
            if (place <= last) {
                throw new IllegalArgumentException("factors of " + factors.stream().map(Factors::parameter).toList()
                        + " are not in the network's order, " + matrices);
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
     * Returns components that belong to one parameter each.
     *
     * @param network the network
     * @param factors the factors of each decomposed parameter, in the network's order; C may differ
     * @throws IllegalArgumentException if the factors do not fit the network
     */
    public static Components ofLayers(Network network, List<Factors> factors) {
        return new Components(network, factors, false);
    }

    /** Returns whether components are shared by all parameters. */
    public boolean isShared() {
        return shared;
    }

    /**
     * Returns the number of components C.
     *
     * @throws IllegalStateException if components are not shared; see {@link #counts}
     */
    public int count() {
        if (!shared) {
            throw new IllegalStateException("every parameter has components of its own, " + counts() + " of them; ask for counts()");
        }
        return factors.get(0).components();
    }

    /** Returns the number of components of each decomposed parameter, in the network's order. */
    public List<Integer> counts() {
        return factors.stream().map(Factors::components).toList();
    }

    /** Returns N, the number of entries of all decomposed layers; a parameter that several layers use is counted for each of them. */
    public long entries() {
        return entries;
    }

    /** Returns the network's graph, whose layers are the uses of decomposed parameters. */
    public NetworkGraph graph() {
        return graph;
    }

    /** Returns the factors of all decomposed parameters, in the network's order. */
    public List<Factors> factors() {
        return factors;
    }

    /**
     * Returns the factors of a parameter.
     *
     * @throws NoSuchElementException if the parameter is not decomposed; the message lists those that are
     */
    public Factors factors(String parameter) {
        return factors.stream().filter(own -> own.parameter().equals(parameter)).findFirst()
                .orElseThrow(() -> new NoSuchElementException("'" + parameter + "' is not decomposed; "
                        + factors.stream().map(Factors::parameter).toList() + " are"));
    }

    /** Returns the number of layers that use a parameter. */
    public int uses(Factors own) {
        return (int) layers.stream().filter(layer -> layer.factors() == own).count();
    }

    /** Returns the decomposed layers, in the order of {@link NetworkGraph#layers}. */
    public List<DecomposedLayer> layers() {
        return layers;
    }

    /** Returns a component's part of a parameter as a new matrix, {@code P_c = A_c · B_c [d_in, d_out]} (paper section 2). */
    public Matrix component(String parameter, int c) {
        Factors own = factors(parameter);
        return Gemm.product(own.a(c), own.b(c), Matrix.zeros(own.in(), own.out()));
    }

    /** Returns the matrix of each layer in a network, {@code [d_in, d_out]}, in the order of {@link NetworkGraph#layers}. */
    public List<Matrix> layerWeights(Network network) {
        return layerWeights(factors.stream().map(own -> network.parameter(own.parameter()).values()).toList());
    }

    /** Returns the matrix of each layer, given the values of the decomposed parameters in the network's order. */
    public List<Matrix> layerWeights(List<Matrix> ofParameters) {
        List<Matrix> weights = new ArrayList<>();
        for (NetworkGraph.Layer layer : graph.layers()) {
            weights.add(layer.weights(ofParameters.get(factors.indexOf(factors(layer.parameter())))));
        }
        return weights;
    }

    /** Returns a copy, which does not change when training goes on. */
    public Components copy() {
        return new Components(graph, factors.stream().map(Factors::copy).toList(), shared);
    }

    @Override
    public String toString() {
        return count() + " components of " + String.join(", ", factors.stream().map(Factors::parameter).toList());
    }
}
