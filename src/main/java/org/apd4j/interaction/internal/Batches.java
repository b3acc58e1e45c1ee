package org.apd4j.interaction.internal;

import java.util.function.Consumer;
import org.apd4j.math.internal.DoubleMatrix;

/** The values of a node layer, some samples at a time, so that memory does not grow with the data. */
final class Batches {

    /** Values that are held at a time. */
    private static final long VALUES = 4_000_000;

    private Batches() {
    }

    /** Passes the values {@code [samples · S, d]} at a boundary to a consumer, in the order of the samples {@code [N, inputs]}. */
    static void forEach(Program program, Boundary boundary, DoubleMatrix samples, Consumer<DoubleMatrix> consumer) {
        forEach(program, samples, part -> consumer.accept(program.valuesAt(boundary, part)));
    }

    /** Passes groups of samples to a consumer, in order. */
    static void forEach(Program program, DoubleMatrix samples, Consumer<DoubleMatrix> consumer) {
        long widest = 1;
        for (int r = 0; r < program.widths().length; r++) {
            widest = Math.max(widest, (long) program.widths()[r] * program.positions()[r]);
        }
        int together = (int) Math.max(1, Math.min(samples.rows(), VALUES / widest));
        for (int first = 0; first < samples.rows(); first += together) {
            consumer.accept(samples.rows(first, Math.min(together, samples.rows() - first)));
        }
    }
}
