package org.apd4j.tables.internal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of layers for people: "W_in" instead of "layers.0.mlp_in", with the layer's number, counted from 1, where there are several.
 *
 * <pre>{@code
 * System.out.println(LayerNames.of(List.of("layers.0.mlp_in", "layers.1.mlp_in")));     // [W_in of layer 1, W_in of layer 2]
 * }</pre>
 */
public final class LayerNames {

    private static final Pattern MLP = Pattern.compile("layers\\.(\\d+)\\.mlp_(in|out)");
    private static final Pattern HIDDEN = Pattern.compile("hidden_layers\\.(\\d+)");

    private LayerNames() {
    }

    /**
     * Returns a readable name for each layer of a network, or for some of them.
     *
     * @param layers the layers' names in the network; a name of no known kind stays as it is
     */
    public static List<String> of(List<String> layers) {
        return layers.stream().map(name -> of(name, layers)).toList();
    }

    private static String of(String name, List<String> layers) {
        Matcher mlp = MLP.matcher(name);
        if (mlp.matches()) {
            return "W_" + mlp.group(2) + number(" of layer ", Integer.parseInt(mlp.group(1)), MLP, layers);
        }
        Matcher hidden = HIDDEN.matcher(name);
        return hidden.matches() ? "hidden matrix" + number(" ", Integer.parseInt(hidden.group(1)), HIDDEN, layers) : name;
    }

    /** Returns nothing for the only layer of its kind. */
    private static String number(String before, int layer, Pattern kind, List<String> layers) {
        boolean alone = layer == 0 && layers.stream().map(kind::matcher).noneMatch(other -> other.matches() && Integer.parseInt(other.group(1)) > 0);
        return alone ? "" : before + (layer + 1);
    }
}
