package org.apd4j.apd.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apd4j.decomposition.AttributionImportance;
import org.apd4j.decomposition.AttributionKind;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.Importance;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;

/**
 * An estimate of how many neurons of a layer matter per sample, where each neuron, a column of the layer's weights, is taken as a component. It is
 * the participation ratio {@code (Σ_n attr_n)² / Σ_n attr_n²} of the neurons' attributions: 1 if one neuron has all of it, n if n neurons have
 * equal shares.
 *
 * @param layer     name of the decomposed parameter with the largest estimate; the output layer is considered only if it is the only one
 * @param count     number of its neurons
 * @param perSample mean participation ratio over the samples, at least 1
 */
public record ActiveNeuronEstimate(String layer, int count, double perSample) {

    /** Returns the estimate for the layer where it is largest. */
    public static ActiveNeuronEstimate of(Network network, SparseRows x) {
        List<Parameter> parameters = network.weights();
        List<Parameter> hidden = parameters.size() == 1 ? parameters : parameters.subList(0, parameters.size() - 1);
        return hidden.stream()
                .map(parameter -> new ActiveNeuronEstimate(parameter.name(), parameter.values().columns(), perSample(network, parameter, x)))
                .max(Comparator.comparingDouble(ActiveNeuronEstimate::perSample))
                .orElseThrow(() -> new IllegalArgumentException("the network has no weights to decompose"));
    }

    @SuppressWarnings("ReferenceEquality") // two layers may have equal values
    private static double perSample(Network network, Parameter layer, SparseRows x) {
        int neurons = layer.values().columns();
        List<Factors> factors = new ArrayList<>();
        for (Parameter parameter : network.weights()) {
            Factors own = Factors.zeros(parameter.name(), neurons, parameter.values().rows(), parameter.values().columns(), 1);
            for (int n = 0; n < neurons && parameter == layer; n++) {
                own.b(n).set(0, n, 1);
                for (int i = 0; i < own.in(); i++) {
                    own.a(n).set(i, 0, parameter.values().get(i, n));
                }
            }
            factors.add(own);
        }
        Components components = new Components(network, factors);
        Importance importance = new AttributionImportance(AttributionKind.GRADIENT_FROM_TARGET, Optional.empty(), Math.max(1, x.rows()));
        Matrix attributions = new Evaluator(network, components, importance, Workers.one()).attributions(x);
        double sum = 0;
        int counted = 0;
        for (int row = 0; row < attributions.rows(); row++) {
            double total = 0;
            double squares = 0;
            for (int n = 0; n < neurons; n++) {
                double value = attributions.get(row, n);
                total += value;
                squares += value * value;
            }
            if (squares > 0) {
                sum += total * total / squares;
                counted++;
            }
        }
        return counted == 0 ? 1 : sum / counted;
    }
}
