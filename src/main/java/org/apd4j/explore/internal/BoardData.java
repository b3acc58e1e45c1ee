package org.apd4j.explore.internal;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * All that the page of a board knows.
 *
 * @param title          the title
 * @param note           what to do with the board, and its provenance
 * @param inputs         the inputs of the network
 * @param side           pixels of a side if the input is a square image, otherwise 0
 * @param start          the first input, {@code [inputs]} as base64
 * @param network        the network and its components
 * @param count          number of components C
 * @param ticked         the components that are on at first
 * @param outputs        names of the outputs
 * @param outputTitle    what an output is, such as "class"
 * @param classifier     whether outputs are logits
 * @param encoder        name of the parameter whose rows are drawn as arrows; empty for none
 * @param curve          whether the output is drawn over the first input
 * @param samples        samples of the data
 * @param sampleLabels   their classes; empty if there are none
 * @param labels         what the target was trained to compute, in lower case
 * @param importanceNote how importances are defined
 * @param colors         of target, all and ticked components
 * @param featureColors  of each input
 */
public record BoardData(String title, String note, List<Input> inputs, int side, String start, @JsonUnwrapped NetworkData network, int count,
                        List<Integer> ticked, List<String> outputs, String outputTitle, boolean classifier, String encoder, boolean curve,
                        Values samples, List<Integer> sampleLabels, String labels, String importanceNote, Map<String, String> colors,
                        List<String> featureColors) {

    /**
     * An input of the network.
     *
     * @param name for people
     * @param low  the lowest value that can be set
     * @param high the highest value that can be set
     * @param bit  whether it is 0 or 1 only
     */
    public record Input(String name, double low, double high, boolean bit) {
    }
}
