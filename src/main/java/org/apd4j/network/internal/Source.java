package org.apd4j.network.internal;

/**
 * A place of a {@link NetworkGraph} where values arise, to be used at {@link Sink sinks}.
 *
 * <pre>{@code
 * Source x = NetworkGraph.of(target.trained().network()).input();
 * System.out.println(x.width() + " inputs");
 * }</pre>
 */
public sealed interface Source {

    /** Returns the number of the source among those of its graph, from 0: an index into arrays by source. */
    int index();

    /** Returns the number of values a sample. */
    int width();

    /** The constant 1, from which biases come. */
    record One(int index) implements Source {
        @Override
        public int width() {
            return 1;
        }
    }

    /** The network's input x. */
    record Input(int index, int width) implements Source {
    }

    /** The output h of a layer, by its number. */
    record LayerOutput(int index, int layer, int width) implements Source {
    }

    /** The output a of an activation or a layer norm, by its number. */
    record FunctionOutput(int index, int function, int width) implements Source {
    }
}
