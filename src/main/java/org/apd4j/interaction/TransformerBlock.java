package org.apd4j.interaction;

import java.util.List;

/**
 * A block of a transformer in double precision: attention and an MLP with one layer of neurons, both of which add to the residual stream.
 *
 * <pre>{@code
 * DenseLayer map = DenseLayer.of(new double[][] {{1, 0}, {0, 1}}, new double[2]);
 * AttentionLayer.Head head = new AttentionLayer.Head(map, map, map, map.weights());
 * TransformerBlock block = new TransformerBlock(AttentionLayer.of(List.of(head), new double[2]), map, map);
 * }</pre>
 *
 * @param attention reads the stream first
 * @param in        from the stream to the neurons {@code [d_model, d_mlp]}
 * @param out       from the neurons to the stream {@code [d_mlp, d_model]}
 */
public record TransformerBlock(AttentionLayer attention, DenseLayer in, DenseLayer out) {

    /** @throws IllegalArgumentException if the parts do not fit each other */
    public TransformerBlock {
        int width = attention.width();
        if (in.weights().rows() != width || out.weights().columns() != width || in.weights().columns() != out.weights().rows()) {
            throw new IllegalArgumentException("a block has an attention of width " + width + " and an MLP of weights " + in.weights() + " and "
                    + out.weights() + "; they must be [" + width + ", neurons] and [neurons, " + width + "]");
        }
    }

    /** Returns a block that adds the same to the stream, less the mean over its entries. */
    TransformerBlock centred() {
        List<AttentionLayer.Head> heads = attention.heads().stream()
                .map(head -> new AttentionLayer.Head(head.query(), head.key(), head.value(), Transformer.centredRows(head.output()))).toList();
        return new TransformerBlock(new AttentionLayer(heads, Transformer.centred(attention.bias()), attention.causal(), attention.scaled(),
                attention.window()), in, Transformer.centred(out));
    }

    @Override
    public String toString() {
        return attention + ", " + in.weights().columns() + " neurons";
    }
}
