package org.apd4j.sharedgate.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apd4j.decomposition.Factors;
import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.NetworkGraph;

/**
 * The part of a network in which its components lie. A <em>stream</em> is a set of nodes that sums, biases and identities connect. Where matrices that
 * are not decomposed write a stream and read it, its components lie in a span that is often far narrower than the stream: of what these matrices write
 * and read, and of what decomposed matrices write for later ones. With an orthonormal basis Q {@code [width, k]} of the span, the matrices at the stream
 * become {@code Qᵀ W} or {@code W Q}, and the network computes the same in k values: what a decomposed matrix reads outside is never written there, and
 * what it writes there is never read. What lies outside belongs to no component.
 */
public final class Span {

    /** The part of a vector's norm below which it counts as a combination of others. */
    private static final double DEPENDENT = 1e-5;
    /** A matrix of which less than this share of squares is left out lies in the span but for the rounding of its numbers. */
    private static final double ROUNDING = 1e-6;

    /** A stream: who writes it, who reads it, and whether its width may change. */
    private static final class Stream {
        final int width;
        boolean isFree = true;
        /** Rows or columns of matrices that are not decomposed, and biases. */
        final List<double[]> fixed = new ArrayList<>();
        /** What decomposed matrices have written so far. */
        final List<double[]> written = new ArrayList<>();
        /** The part of it that decomposed matrices read. */
        final List<double[]> handedOn = new ArrayList<>();
        boolean isDecomposed;
        double[][] basis = {};

        Stream(int width) {
            this.width = width;
        }

        /** Returns the vectors that span the stream's part, those of fixed matrices first. */
        List<double[]> spanning() {
            List<double[]> all = new ArrayList<>(fixed);
            all.addAll(handedOn);
            return all;
        }
    }

    /** A side of a parameter: its rows, which read a stream, or its columns, which write one; the other way round where the use is transposed. */
    private record Side(String parameter, boolean rows) {
    }

    private final Network whole;
    private final Network network;
    private final List<String> parameters;
    /** Bases {@code [k][width]} of the sides whose stream is narrower. */
    private final Map<Side, double[][]> bases;

    private Span(Network whole, Network network, List<String> parameters, Map<Side, double[][]> bases) {
        this.whole = whole;
        this.network = network;
        this.parameters = List.copyOf(parameters);
        this.bases = bases;
    }

    /** Returns the whole of a network. */
    static Span whole(Network network, List<String> parameters) {
        return new Span(network, network, parameters, Map.of());
    }

    /** Returns the part of a network in which components lie; the whole of it where nothing is left out. */
    static Span of(Network network, List<String> parameters, boolean inSpan) {
        return inSpan ? new Search(network, parameters).span() : whole(network, parameters);
    }

    /** The search for streams that can be narrower. */
    private static final class Search {

        private final Network network;
        private final List<String> parameters;
        private final Map<String, Stream> streams = new HashMap<>();
        private final Map<Side, Stream> sides = new LinkedHashMap<>();

        Search(Network network, List<String> parameters) {
            this.network = network;
            this.parameters = parameters;
        }

        Span span() {
            connect();
            network.nodes().forEach(this::meet);
            streamOf(network.nodes().get(network.nodes().size() - 1).name()).isFree = false;
            Map<Side, double[][]> bases = new LinkedHashMap<>();
            for (var side : sides.entrySet()) {
                Stream stream = side.getValue();
                if (stream.isFree && stream.isDecomposed && !stream.fixed.isEmpty()) {
                    if (stream.basis.length == 0) {
                        stream.basis = basis(stream.spanning());
                    }
                    if (stream.basis.length > 0 && stream.basis.length < stream.width) {
                        bases.put(side.getKey(), stream.basis);
                    }
                }
            }
            return bases.isEmpty() ? whole(network, parameters) : new Span(network, narrowed(network, bases), parameters, bases);
        }

        private Stream streamOf(String node) {
            return Objects.requireNonNull(streams.get(node), node);
        }

        /** Gives every node its stream; a sum joins those of what it adds. */
        private void connect() {
            Map<String, Integer> widths = new HashMap<>();
            for (Network.Node node : network.nodes()) {
                int width;
                if (node instanceof Network.Input) {
                    width = network.inputs();
                } else if (node instanceof Network.Linear linear) {
                    Matrix values = network.parameter(linear.parameter()).values();
                    width = linear.transposed() ? values.rows() : values.columns();
                } else {
                    width = Objects.requireNonNull(widths.get(node.reads().get(0)), node.name());
                }
                widths.put(node.name(), width);
                boolean isSame = node instanceof Network.Sum || node instanceof Network.Bias
                        || node instanceof Network.Activate activate && activate.activation() == Activation.IDENTITY;
                streams.put(node.name(), isSame ? streamOf(node.reads().get(0)) : new Stream(width));
                if (node instanceof Network.Sum sum) {
                    Stream left = streamOf(sum.left());
                    Stream right = streamOf(sum.right());
                    streams.replaceAll((name, stream) -> stream == right ? left : stream);
                }
            }
        }

        private void meet(Network.Node node) {
            if (node instanceof Network.Linear linear) {
                Matrix values = network.parameter(linear.parameter()).values();
                boolean decomposed = parameters.contains(linear.parameter());
                Stream from = streamOf(linear.from());
                Stream to = streamOf(linear.name());
                attach(new Side(linear.parameter(), !linear.transposed()), from, values, decomposed);
                attach(new Side(linear.parameter(), linear.transposed()), to, values, decomposed);
                if (decomposed) {
                    from.handedOn.addAll(from.written);
                    from.written.clear();
                    to.written.addAll(vectors(values, linear.transposed()));
                }
            } else if (node instanceof Network.Bias bias) {
                Stream stream = streamOf(bias.name());
                attach(new Side(bias.parameter(), false), stream, network.parameter(bias.parameter()).values(), false);
            } else if (node instanceof Network.Input) {
                streamOf(node.name()).isFree = false;
            } else if (!(node instanceof Network.Sum) && !(node instanceof Network.Activate own && own.activation() == Activation.IDENTITY)) {
                streamOf(node.name()).isFree = false;
                node.reads().forEach(from -> streamOf(from).isFree = false);
                node.uses().forEach(used -> attach(new Side(used, false), streamOf(node.name()), network.parameter(used).values(), true));
            }
        }

        /** Notes that a side of a parameter is at a stream; a side that is at two of them keeps both as they are. */
        private void attach(Side side, Stream stream, Matrix values, boolean decomposed) {
            Stream other = sides.putIfAbsent(side, stream);
            if (other != null && other != stream) {
                other.isFree = false;
                stream.isFree = false;
            }
            stream.isDecomposed |= decomposed;
            if (!decomposed && other == null) {
                stream.fixed.addAll(vectors(values, side.rows()));
            }
        }

        /** Returns the columns of a matrix, which read a stream or write it, or its rows. */
        private static List<double[]> vectors(Matrix values, boolean columns) {
            List<double[]> vectors = new ArrayList<>();
            for (int i = 0; i < (columns ? values.columns() : values.rows()); i++) {
                double[] vector = new double[columns ? values.rows() : values.columns()];
                for (int j = 0; j < vector.length; j++) {
                    vector[j] = columns ? values.get(j, i) : values.get(i, j);
                }
                vectors.add(vector);
            }
            return vectors;
        }
    }

    /** Returns orthonormal vectors that span the given ones, in their order (Gram and Schmidt, twice). */
    static double[][] basis(List<double[]> vectors) {
        List<double[]> basis = new ArrayList<>();
        for (double[] vector : vectors) {
            if (basis.size() == vector.length) {
                break;
            }
            double[] left = vector.clone();
            double before = norm(left);
            for (int pass = 0; pass < 2; pass++) {
                for (double[] own : basis) {
                    double along = 0;
                    for (int i = 0; i < left.length; i++) {
                        along += own[i] * left[i];
                    }
                    for (int i = 0; i < left.length; i++) {
                        left[i] -= along * own[i];
                    }
                }
            }
            double norm = norm(left);
            if (norm > DEPENDENT * before) {
                for (int i = 0; i < left.length; i++) {
                    left[i] /= norm;
                }
                basis.add(left);
            }
        }
        return basis.toArray(double[][]::new);
    }

    private static double norm(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    /** Returns {@code Qᵀ W} for rows, {@code W Q} for columns. */
    private static Matrix narrowed(Matrix values, double[][] basis, boolean rows) {
        Matrix narrow = rows ? Matrix.zeros(basis.length, values.columns()) : Matrix.zeros(values.rows(), basis.length);
        for (int i = 0; i < narrow.rows(); i++) {
            for (int j = 0; j < narrow.columns(); j++) {
                double[] own = basis[rows ? i : j];
                double sum = 0;
                for (int k = 0; k < own.length; k++) {
                    sum += own[k] * (rows ? values.get(k, j) : values.get(i, k));
                }
                narrow.set(i, j, (float) sum);
            }
        }
        return narrow;
    }

    private static Network narrowed(Network network, Map<Side, double[][]> bases) {
        NetworkBuilder builder = Network.builder(network.inputs());
        for (Parameter parameter : network.parameters()) {
            Matrix values = parameter.values();
            for (boolean rows : new boolean[] {true, false}) {
                double[][] basis = bases.get(new Side(parameter.name(), rows));
                values = basis == null ? values : narrowed(values, basis, rows);
            }
            builder.parameter(parameter.name(), parameter.role(), values);
        }
        for (Network.Node node : network.nodes()) {
            if (node instanceof Network.Linear linear) {
                builder.linear(linear.name(), linear.from(), linear.parameter(), linear.transposed());
            } else if (node instanceof Network.Bias bias) {
                builder.bias(bias.name(), bias.from(), bias.parameter());
            } else if (node instanceof Network.Activate activate) {
                builder.activation(activate.name(), activate.from(), activate.activation());
            } else if (node instanceof Network.Normalise norm) {
                builder.layerNorm(norm.name(), norm.from(), norm.gain(), norm.bias(), norm.epsilon());
            } else if (node instanceof Network.Sum sum) {
                builder.sum(sum.name(), sum.left(), sum.right());
            } else if (node instanceof Network.Softmax softmax) {
                builder.softmax(softmax.name(), softmax.from());
            }
        }
        return builder.build();
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

    /** Returns, for each decomposed parameter of which a part is left out, that part's share of the sum of squares. */
    public Map<String, Double> leftOut() {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (String parameter : parameters) {
            if (basis(parameter, true).isPresent() || basis(parameter, false).isPresent()) {
                double all = squares(whole.parameter(parameter).values());
                double share = all == 0 ? 0 : 1 - squares(network.parameter(parameter).values()) / all;
                if (share > ROUNDING) {
                    shares.put(parameter, share);
                }
            }
        }
        return shares;
    }

    private static double squares(Matrix values) {
        return values.squaredDistance(Matrix.zeros(values.rows(), values.columns()));
    }

    private Optional<double[][]> basis(String parameter, boolean rows) {
        return Optional.ofNullable(bases.get(new Side(parameter, rows)));
    }

    /** Returns N, the number of entries of all decomposed matrices of the network as it was trained. */
    long entries() {
        return NetworkGraph.of(whole, parameters).layers().stream().mapToLong(layer -> (long) layer.in() * layer.out()).sum();
    }

    /** Returns the factors of a parameter of the whole network. */
    Factors factors(Pieces own) {
        Matrix a = basis(own.parameter(), true).map(basis -> Gemm.product(own.a(), matrix(basis), Matrix.zeros(own.a().rows(), basis[0].length)))
                .orElse(own.a());
        Matrix b = basis(own.parameter(), false).map(basis -> Gemm.product(own.b(), matrix(basis), Matrix.zeros(own.b().rows(), basis[0].length)))
                .orElse(own.b());
        Factors factors = Factors.zeros(own.parameter(), own.components(), a.columns(), b.columns(), own.rank());
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

    private static Matrix matrix(double[][] rows) {
        Matrix matrix = Matrix.zeros(rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                matrix.set(i, j, (float) rows[i][j]);
            }
        }
        return matrix;
    }
}
