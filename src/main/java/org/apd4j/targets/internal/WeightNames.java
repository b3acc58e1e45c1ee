package org.apd4j.targets.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Weights;

/**
 * An assignment of {@link Weights} to the parameters of a network. Every parameter must be assigned an array or be {@link #keep kept}, and every
 * array must be used or be {@link #ignore ignored}; otherwise {@link #network} reports all faults in one message.
 *
 * <pre>{@code
 * Network trained = Weights.read(Path.of("tms.npz")).into(target.trained().network())
 *         .direct("encoder", "W").keep("b")
 *         .network();
 * }</pre>
 */
public final class WeightNames {

    private record Use(String array, boolean transposed) {
    }

    private final Weights weights;
    private final Network described;
    private final Map<String, Use> uses = new LinkedHashMap<>();
    private final Set<String> kept = new LinkedHashSet<>();
    private final Set<String> ignored = new LinkedHashSet<>();
    private final List<String> faults = new ArrayList<>();

    /** Creates an empty assignment to the parameters of a network. */
    public WeightNames(Weights weights, Network described) {
        this.weights = weights;
        this.described = described;
    }

    /** Assigns an array to a parameter unchanged: a matrix {@code [in, out]}, or a bias {@code [n]}. Returns this assignment. */
    public WeightNames direct(String array, String parameter) {
        return use(array, parameter, false);
    }

    /** Assigns the transpose of an array {@code [out, in]}, as PyTorch's {@code Linear} stores it, to a parameter. Returns this assignment. */
    public WeightNames transposed(String array, String parameter) {
        return use(array, parameter, true);
    }

    private WeightNames use(String array, String parameter, boolean transposed) {
        if (uses.putIfAbsent(parameter, new Use(array, transposed)) != null) {
            faults.add("parameter '" + parameter + "' is given twice");
        }
        return this;
    }

    /** Keeps the present values of some parameters. Returns this assignment. */
    public WeightNames keep(String... parameters) {
        kept.addAll(List.of(parameters));
        return this;
    }

    /** Leaves some arrays unused. Returns this assignment. */
    public WeightNames ignore(String... arrays) {
        ignored.addAll(List.of(arrays));
        return this;
    }

    /**
     * Returns the network with the assigned weights.
     *
     * @throws IllegalArgumentException if names are missing, left over or unknown, shapes do not fit, or values are not finite; the message lists
     *     all faults
     */
    public Network network() {
        List<String> all = new ArrayList<>(faults);
        Set<String> parameters = new LinkedHashSet<>(described.parameters().stream().map(Parameter::name).toList());
        unknown(uses.keySet(), parameters, "the network has no parameters ", all);
        unknown(kept, parameters, "the network has no parameters ", all);
        Set<String> arrays = new LinkedHashSet<>(uses.values().stream().map(Use::array).toList());
        unknown(arrays, weights.names(), "there are no arrays ", all);
        unknown(ignored, weights.names(), "there are no arrays ", all);
        Set<String> missing = new LinkedHashSet<>(parameters);
        missing.removeAll(uses.keySet());
        missing.removeAll(kept);
        if (!missing.isEmpty()) {
            all.add("nothing is given for the parameters " + missing);
        }
        Set<String> left = new LinkedHashSet<>(weights.names());
        left.removeAll(arrays);
        left.removeAll(ignored);
        if (!left.isEmpty()) {
            all.add("the arrays " + left + " are left over");
        }
        Map<String, Matrix> values = new LinkedHashMap<>();
        uses.forEach((parameter, use) -> {
            if (parameters.contains(parameter) && weights.names().contains(use.array())) {
                take(parameter, use, values, all);
            }
        });
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(weights.source() + ": " + String.join("; ", all));
        }
        return described.with(values);
    }

    private static void unknown(Set<String> named, Set<String> known, String what, List<String> faults) {
        Set<String> unknown = new LinkedHashSet<>(named);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            faults.add(what + unknown + ", there are " + known);
        }
    }

    private void take(String parameter, Use use, Map<String, Matrix> values, List<String> faults) {
        Matrix own;
        try {
            own = weights.matrix(use.array());
        } catch (IllegalArgumentException e) {
            faults.add(String.valueOf(e.getMessage()).substring(weights.source().length() + 2)); // the source is said once, before all faults
            return;
        }
        Matrix wanted = described.parameter(parameter).values();
        Matrix turned = use.transposed() ? own.transposed() : own;
        if (turned.rows() == wanted.rows() && turned.columns() == wanted.columns()) {
            values.put(parameter, turned);
            return;
        }
        boolean otherWay = turned.rows() == wanted.columns() && turned.columns() == wanted.rows();
        faults.add("'" + use.array() + "' " + own + (use.transposed() ? " transposed" : "") + " does not fit parameter '" + parameter + "' " + wanted
                + (!otherWay ? "" : use.transposed() ? ", it fits as it stands: use direct"
                : ", its transpose fits: use transposed (PyTorch's Linear stores [out, in])"));
    }

    @Override
    public String toString() {
        return uses.size() + " parameters from " + weights + (faults.isEmpty() ? "" : "; " + String.join("; ", faults));
    }
}
