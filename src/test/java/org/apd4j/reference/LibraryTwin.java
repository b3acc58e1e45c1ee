package org.apd4j.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.LpPenalty;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Divergence;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Selection;
import org.apd4j.decomposition.Sparsity;
import org.apd4j.math.Matrix;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.Tms;
import org.apd4j.training.Schedule;

/** The library's objects for the inputs of the reference implementation. */
public final class LibraryTwin {

    private LibraryTwin() {
    }

    /** The same network as a description. */
    public static Network network(ReferenceNetwork network) {
        if (network instanceof ReferenceNetwork.Tms tms) {
            if (tms.decoder() != null) {
                throw new IllegalArgumentException("the library's TMS has a tied decoder, this one a decoder of its own");
            }
            Matrix[] hidden = tms.hidden().stream().map(LibraryTwin::matrix).toArray(Matrix[]::new);
            return Tms.network(matrix(tms.encoder()), hidden, row(tms.bias()));
        }
        var mlp = (ReferenceNetwork.ResidualMlp) network;
        List<ResidualMlp.LayerWeights> layers = new ArrayList<>();
        for (var block : mlp.blocks()) {
            layers.add(new ResidualMlp.LayerWeights(matrix(block.in()), Optional.ofNullable(row(block.biasIn())), matrix(block.out()),
                    Optional.ofNullable(row(block.biasOut()))));
        }
        return ResidualMlp.network(matrix(mlp.embedding()), layers, matrix(mlp.unembedding()), Activation.valueOf(mlp.activation().name()),
                Parameter.Role.TRAINED);
    }

    /** The same settings. Coefficients that are missing are 0. */
    public static ApdConfig config(ReferenceApd.Configuration reference, int components, int rank, int batch) {
        Map<String, Double> coefficients = reference.coefficients();
        Sparsity sparsity;
        double minimality = coefficients.getOrDefault(ReferenceApd.MINIMALITY, 0.0);
        if (reference.selection() instanceof ReferenceApd.BatchTopK top) {
            sparsity = Selection.batchTopK(top.k());
        } else if (reference.selection() instanceof ReferenceApd.PerSampleTopK top) {
            sparsity = Selection.perSampleTopK(top.k());
        } else {
            sparsity = new LpPenalty(((ReferenceApd.Lp) reference.selection()).q());
            minimality = coefficients.getOrDefault(ReferenceApd.MINIMALITY_LP, 0.0);
        }
        double lossOfMinimality = minimality;
        return ApdConfig.of(c -> {
            c.components = components;
            c.rank = rank;
            c.batch = batch;
            c.steps = reference.optimizer().steps();
            c.attributions = AttributionKind.valueOf(reference.attributions().name());
            c.sparsity = sparsity;
            c.faithfulness = coefficients.getOrDefault(ReferenceApd.FAITHFULNESS, 0.0);
            c.minimality = lossOfMinimality;
            c.simplicity = coefficients.getOrDefault(ReferenceApd.SIMPLICITY, 0.0);
            c.hiddenReconstruction = coefficients.getOrDefault(ReferenceApd.HIDDEN_RECONSTRUCTION, 0.0);
            c.outputReconstruction = coefficients.getOrDefault(ReferenceApd.OUTPUT_RECONSTRUCTION, 0.0);
            c.power = reference.p();
            c.divergence = reference.divergence() ? Divergence.KL : Divergence.MSE;
            c.unitNorm = reference.unitNorm();
            c.learningRate = reference.optimizer().lr();
            c.schedule = schedule(reference.optimizer());
        });
    }

    /** The same learning rate over the steps. */
    public static Schedule schedule(ReferenceOptimizer.Settings settings) {
        return new Schedule(Schedule.Shape.valueOf(settings.schedule().name()), settings.warmup(), settings.halflife());
    }

    /** The same components. */
    public static Components components(Network network, Map<String, ReferenceApd.Factors> factors) {
        List<Factors> own = new ArrayList<>();
        for (Parameter parameter : network.weights()) {
            ReferenceApd.Factors of = factors.get(parameter.name());
            own.add(new Factors(parameter.name(), of.a().length, stacked(of.a()), stacked(of.b())));
        }
        return new Components(network, own);
    }

    /** {@code [C, rows, columns]} as {@code [C · rows, columns]}. */
    public static Matrix stacked(double[][][] values) {
        List<double[]> rows = new ArrayList<>();
        for (double[][] one : values) {
            rows.addAll(List.of(one));
        }
        return matrix(rows.toArray(double[][]::new));
    }

    /** In single precision. */
    public static Matrix matrix(double[][] values) {
        Matrix matrix = Matrix.zeros(values.length, values[0].length);
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                matrix.set(i, j, (float) values[i][j]);
            }
        }
        return matrix;
    }

    private static Matrix row(double[] values) {
        return values == null ? null : matrix(new double[][] {values});
    }

    /** In double precision, flat. */
    public static double[] flat(Matrix matrix) {
        double[] values = new double[matrix.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = matrix.data()[matrix.offset() + i];
        }
        return values;
    }
}
