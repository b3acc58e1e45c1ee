package org.apd4j.sharedgate.internal;

import java.util.List;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.internal.NetworkGraph;

/** The part of a network in which its components lie. */
public final class Span {

    private final Network whole;
    private final Network network;
    private final List<String> parameters;

    private Span(Network whole, Network network, List<String> parameters) {
        this.whole = whole;
        this.network = network;
        this.parameters = List.copyOf(parameters);
    }

    /** Returns the whole of a network. */
    static Span whole(Network network, List<String> parameters) {
        return new Span(network, network, parameters);
    }

    /** Returns the part of a network in which components lie; the whole of it where nothing is left out. */
    static Span of(Network network, List<String> parameters, boolean inSpan) {
        return whole(network, parameters);
    }

    /** Returns the network as it was trained. */
    Network whole() {
        return whole;
    }

    /** Returns the network whose streams have the width of the part. */
    Network network() {
        return network;
    }

    /** Returns the names of the decomposed parameters. */
    List<String> parameters() {
        return parameters;
    }

    /** Returns N, the number of entries of all decomposed matrices of the network as it was trained. */
    long entries() {
        return NetworkGraph.of(whole, parameters).layers().stream().mapToLong(layer -> (long) layer.in() * layer.out()).sum();
    }

    /** Returns the factors of a parameter of the whole network. */
    Factors factors(Pieces own) {
        Factors factors = Factors.zeros(own.parameter(), own.components(), own.weights().rows(), own.weights().columns(), own.rank());
        Matrix a = own.a();
        Matrix b = own.b();
        for (int c = 0; c < own.components(); c++) {
            for (int r = 0; r < own.rank(); r++) {
                int row = r * own.components() + c;
                for (int i = 0; i < a.columns(); i++) {
                    factors.a().set(c * a.columns() + i, r, a.get(row, i));
                }
                System.arraycopy(b.data(), b.rowStart(row), factors.b().data(), factors.b().rowStart(c * own.rank() + r), b.columns());
            }
        }
        return factors;
    }
}
