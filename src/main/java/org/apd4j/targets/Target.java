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
 * A network to be decomposed, and what it was made for. Immutable.
 *
 * <pre>{@code
 * Target trained = target.target();
 * INDArray weights = trained.weights(Tms.ENCODER);
 * var apd = Apd.decompose(trained, ApdConfig.paperTms5to2(), 0);
 * }</pre>
 *
 * @param name    for people
 * @param network the network with its weights
 * @param data    the inputs that it is for
 * @param labels  what it should compute on them
 */
public record Target(String name, Network network, Sampler data, Labels labels) implements Summarized {

    /** @throws IllegalArgumentException if the data's width is not the network's, or labels are {@link Labels#CLASS} and do not fit the data */
    public Target {
        Objects.requireNonNull(name, "name");
        if (data.features() != network.inputs()) {
            throw new IllegalArgumentException("the data has " + data.features() + " features, the network takes " + network.inputs());
        }
        if (labels == Labels.CLASS) {
            if (!(data instanceof Dataset rows && rows.isLabelled())) {
                throw new IllegalArgumentException("a target with the labels CLASS needs a Dataset with labels, not " + data);
            }
            if (rows.classes().size() != network.outputs()) {
                throw new IllegalArgumentException("the data has " + rows.classes().size() + " classes, the network has " + network.outputs()
                        + " outputs; a classifier has one for each");
            }
        }
    }

    /**
     * A network of one's own, trained elsewhere: what it computes is what it should compute.
     *
     * @throws IllegalArgumentException if the data's width is not the network's
     */
    public static Target of(String name, Network network, Sampler data) {
        return new Target(name, network, data, Labels.OWN_OUTPUT);
    }

    /** A parameter's values, {@code [d_in, d_out]}. */
    public INDArray weights(String parameter) {
        return Tensors.of(network.parameter(parameter).values());
    }

    /**
     * What the network computes: logits, if a softmax follows.
     *
     * @param x {@code [rows, inputs]}
     * @return {@code [rows, outputs]}
     * @throws IllegalArgumentException if the inputs are of another width
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

    /** Returns whether the outputs are logits of classes, to be compared as distributions. */
    public boolean isClassifier() {
        return labels == Labels.CLASS || network.isSoftmax();
    }
}
