package org.apd4j.testsupport;

import java.util.ArrayList;
import java.util.List;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.SparseFeatures;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Sparsity;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.Parameter.Role;
import org.apd4j.targets.Labels;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Target;
import org.apd4j.targets.Tms;
import org.apd4j.training.Provenance;

/** Targets and decompositions with weights given by hand. */
public final class HandMade {

    public static final double PROBABILITY = 0.1;

    private HandMade() {
    }

    public static Matrix matrix(double[][] values) {
        Matrix matrix = Matrix.zeros(values.length, values[0].length);
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                matrix.set(i, j, (float) values[i][j]);
            }
        }
        return matrix;
    }

    public static Target tms(double[][] encoder) {
        Network network = Tms.network(matrix(encoder), new Matrix[0], Matrix.zeros(1, encoder.length));
        return new Target("TMS by hand", network, new SparseFeatures(encoder.length, PROBABILITY, 0, 1), Labels.INPUT);
    }

    /** Returns a residual MLP with four orthogonal features in six dimensions; every neuron reads and writes one: {@code y = x + ReLU(x)} exactly. */
    public static Target perfectMlp(int layers) {
        double h = Math.sqrt(0.5);
        double[][] embedding = {{h, h, 0, 0, 0, 0}, {h, -h, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0}, {0, 0, 0, 0, -1, 0}};
        Matrix in = matrix(embedding).transposed();
        List<ResidualMlp.LayerWeights> weights = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            int first = l * 4 / layers;
            int neurons = 4 / layers;
            Matrix own = Matrix.zeros(6, neurons);
            for (int r = 0; r < 6; r++) {
                for (int n = 0; n < neurons; n++) {
                    own.set(r, n, in.get(r, first + n));
                }
            }
            weights.add(new ResidualMlp.LayerWeights(own, own.transposed()));
        }
        Network network = ResidualMlp.network(matrix(embedding), weights, in, Activation.RELU, Role.FIXED);
        return new Target("residual MLP by hand", network, new SparseFeatures(4, PROBABILITY, -1, 1), Labels.INPUT_PLUS_RELU);
    }

    /** The matrix of a component in a parameter. */
    public interface Part {
        Matrix of(Parameter parameter, int component);
    }

    public static ApdConfig config(int components, Sparsity sparsity) {
        return ApdConfig.paperTms5to2().with(c -> {
            c.components = components;
            c.batch = 256;
            c.sparsity = sparsity;
            c.attributions = AttributionKind.GRADIENT_FROM_TARGET;
        });
    }

    /** Returns a decomposition with the given matrices {@code P_c = A_c B_c}, one of whose factors is the identity. */
    public static Decomposition decomposition(Target target, ApdConfig config, Part part) {
        int count = config.components();
        List<Factors> all = new ArrayList<>();
        for (Parameter parameter : target.network().weights()) {
            int in = parameter.values().rows();
            int out = parameter.values().columns();
            int rank = Math.min(in, out);
            Factors factors = Factors.zeros(parameter.name(), count, in, out, rank);
            for (int c = 0; c < count; c++) {
                Matrix own = part.of(parameter, c);
                factors.a(c).copyFrom(out <= in ? own : Matrix.identity(in));
                factors.b(c).copyFrom(out <= in ? Matrix.identity(out) : own);
            }
            all.add(factors);
        }
        return new Decomposition(target, new Components(target.network(), all), config.importance(),
                Provenance.here(0, 0, 0, 1));
    }

    /** Returns a decomposition whose component c holds row c of W. */
    public static Decomposition rows(Target tms, int components) {
        return decomposition(tms, config(components, Selection.batchTopK(1)), (parameter, c) -> {
            Matrix own = Matrix.zeros(parameter.values().rows(), parameter.values().columns());
            if (c < own.rows()) {
                own.block(c, 1).copyFrom(parameter.values().block(c, 1));
            }
            return own;
        });
    }

    /** Returns a decomposition whose component c holds neuron c, counted over all layers. */
    public static Decomposition neurons(Target mlp, int components, Selection selection) {
        int ofLayer = mlp.network().parameter(ResidualMlp.in(0)).values().columns();
        return decomposition(mlp, config(components, selection), (parameter, c) -> {
            Matrix values = parameter.values();
            Matrix own = Matrix.zeros(values.rows(), values.columns());
            int layer = Integer.parseInt(parameter.name().split("\\.")[1]);
            int neuron = c - layer * ofLayer;
            if (neuron < 0 || neuron >= ofLayer) {
                return own;
            }
            boolean isIn = parameter.name().equals(ResidualMlp.in(layer));
            for (int i = 0; i < values.rows(); i++) {
                for (int j = 0; j < values.columns(); j++) {
                    own.set(i, j, (isIn ? j : i) == neuron ? values.get(i, j) : 0);
                }
            }
            return own;
        });
    }

    public static Decomposition perfect(int layers) {
        return neurons(perfectMlp(layers), 4, Selection.batchTopK(1));
    }
}
