package org.apd4j.network.internal;

/**
 * A place of a {@link NetworkGraph} where values are used: it is the sum of what fixed linear maps bring from {@link Source sources}.
 *
 * <pre>{@code
 * Sink y = NetworkGraph.of(target.trained().network()).output();
 * System.out.println(y.width() + " outputs");
 * }</pre>
 */
public sealed interface Sink {

    /** Returns the number of the sink among those of its graph, from 0: an index into arrays by sink. */
    int index();

    /** Returns the number of values a sample. */
    int width();

    /** The network's output y. */
    record Output(int index, int width) implements Sink {
    }

    /** The input of a layer, by its number. */
    record LayerInput(int index, int layer, int width) implements Sink {
    }

    /** The pre-activation: the input of an activation or a layer norm, by its number. */
    record FunctionInput(int index, int function, int width) implements Sink {
    }
}
