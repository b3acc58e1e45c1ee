package org.apd4j.targets;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.data.Dataset;
import org.apd4j.data.Sampler;
import org.apd4j.data.Tensors;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network to be decomposed, with the data that it is for and the labels that it was trained on. Immutable.
 *
 * <pre>{@code
 * Target trained = target.trained();
 * INDArray weights = trained.weights(Tms.ENCODER);
 * var apd = Apd.decompose(trained, ApdConfig.paperTms5to2(), 0);
 * }</pre>
 *
 * @param name    name for display
 * @param network the network with its weights
 * @param data    the distribution of its inputs
 * @param labels  the function that it was trained to compute
 */
public record Target(String name, Network network, Sampler data, Labels labels) implements Summarized {

    /** @throws IllegalArgumentException if data and network differ in their number of features, or {@link Labels#CLASS} does not fit the data */
    public Target {
        Objects.requireNonNull(name, "name");
        if (data.features() != network.inputs()) {
            throw new IllegalArgumentException("the data has " + data.features() + " features, the network takes " + network.inputs());
        }
        if (labels == Labels.CLASS) {
            if (!(data instanceof Dataset rows && rows.isLabelled())) {
                throw new IllegalArgumentException("labels are CLASS, which needs a Dataset with labels; the data is " + data);
            }
            if (rows.classes().size() != network.outputs()) {
                throw new IllegalArgumentException("the data has " + rows.classes().size() + " classes, the network has " + network.outputs()
                        + " outputs; a classifier needs one output for each class");
            }
        }
    }

    /**
     * Returns a target for a network that was trained elsewhere; its labels are its own output.
     *
     * @throws IllegalArgumentException if data and network differ in their number of features
     */
    public static Target of(String name, Network network, Sampler data) {
        return new Target(name, network, data, Labels.OWN_OUTPUT);
    }

    /** Returns a copy of a parameter's values, {@code [d_in, d_out]}. */
    public INDArray weights(String parameter) {
        return Tensors.of(network.parameter(parameter).values());
    }

    /**
     * Returns the network's output; where its last node is a softmax, the logits.
     *
     * @param x inputs, {@code [batch, inputs]}
     * @return outputs, {@code [batch, outputs]}
     * @throws IllegalArgumentException if the inputs do not have the network's width
     */
    public INDArray output(INDArray x) {
        SparseRows batch = Tensors.batch(x);
        if (batch.columns() != network.inputs()) {
            throw new IllegalArgumentException("the inputs are " + batch.columns() + " wide, the network takes " + network.inputs());
        }
        return Tensors.of(network.forward(batch.toDense()));
    }

    Target with(Network network) {
        return new Target(name, network, data, labels);
    }

    @Override
    public Summary summary() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("inputs → outputs", network.inputs() + " → " + network.outputs());
        for (Parameter parameter : network.parameters()) {
            entries.put(parameter.name(), parameter.values() + " " + parameter.role().name().toLowerCase(Locale.ROOT));
        }
        entries.put("data", data.toString());
        return new Summary("Target " + name, entries);
    }

    /** Returns whether the outputs are logits, to be compared as probability distributions. */
    public boolean isClassifier() {
        return labels == Labels.CLASS || network.isSoftmax();
    }
}
