package org.apd4j.targets.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.data.Dataset;
import org.apd4j.data.Sampler;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.SparseRows;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.targets.Target;

/**
 * The comparison of two targets, and fingerprints that agree with it.
 *
 * <pre>{@code
 * TargetDifference.of(target.trained(), run.target(), Parameter.Role.values()).orElse("the same target")
 * }</pre>
 */
public final class TargetDifference {

    /** Number of samples by which samplers of unknown classes are compared. */
    private static final int SAMPLES = 100;

    private TargetDifference() {
    }

    /**
     * Returns a difference between two targets, phrased to follow "differs in"; empty if they are the same.
     *
     * @param roles the roles of the parameters whose values must agree in every bit; training changes all but {@link Parameter.Role#FIXED}
     */
    public static Optional<String> of(Target one, Target other, Parameter.Role... roles) {
        if (!TargetFile.describe(one).equals(TargetFile.describe(other))) {
            return Optional.of("the target's network or data");
        }
        if (one.data() instanceof Dataset && !one.data().equals(other.data())) {
            return Optional.of("the rows of the target's data"); // a description holds only their number
        }
        return Stream.of(roles).flatMap(role -> one.network().parameters(role).stream())
                .filter(parameter -> !Arrays.equals(parameter.values().toArray(), other.network().parameter(parameter.name()).values().toArray()))
                .map(parameter -> "the target's " + parameter.name()).findFirst();
    }

    /**
     * Adds everything that {@link #of} compares to a fingerprint: network, data with all its rows, labels, name, and the values of some parameters.
     *
     * @param roles the roles of the parameters whose values are included
     */
    public static Fingerprint add(Target target, Fingerprint fingerprint, Parameter.Role... roles) {
        Network network = target.network();
        fingerprint.add("name", target.name()).add("labels", target.labels()).add("inputs", network.inputs()).add("nodes", network.nodes());
        for (Parameter parameter : network.parameters()) {
            fingerprint.add("parameter", List.of(parameter.name(), parameter.role(), parameter.values().rows(), parameter.values().columns()));
        }
        for (Parameter parameter : network.parameters()) {
            if (List.of(roles).contains(parameter.role())) {
                fingerprint.add(parameter.name(), parameter.values().toArray());
            }
        }
        return addData(target.data(), fingerprint);
    }

    private static Fingerprint addData(Sampler data, Fingerprint fingerprint) {
        fingerprint.add("data", data.getClass().getSimpleName());
        if (data instanceof Dataset rows) {
            addRows(rows.all(), fingerprint);
            return rows.isLabelled() ? fingerprint.add("classes", rows.classes()).add("class", rows.labels()) : fingerprint;
        }
        if (TargetFile.canDescribe(data)) {
            return fingerprint.add("data settings", data);
        }
        return addRows(data.sample(0, SAMPLES), fingerprint); // a user's class, whose settings are unknown: identified by its samples
    }

    private static Fingerprint addRows(SparseRows rows, Fingerprint fingerprint) {
        int[] starts = new int[rows.rows()];
        int[] columns = new int[rows.size()];
        float[] values = new float[rows.size()];
        Arrays.setAll(starts, rows::start);
        for (int i = 0; i < values.length; i++) {
            columns[i] = rows.column(i);
            values[i] = rows.value(i);
        }
        return fingerprint.add("width", rows.columns()).add("rows", starts).add("columns", columns).add("values", values);
    }

    /** Returns the digest that names of kept files were made from before {@link #add}: name, rows of the data, and values of some parameters. */
    public static String digest(Target target, Parameter.Role... roles) {
        String rows = target.data() instanceof Dataset ? " " + target.data().hashCode() : "";
        List<Parameter> weights = target.network().weights(); // these first, since they once had a role of their own
        return target.name() + rows + Stream.of(roles).flatMap(role -> Stream.concat(weights.stream().filter(weight -> weight.role() == role),
                        target.network().parameters(role).stream().filter(parameter -> !weights.contains(parameter))))
                .map(parameter -> " " + parameter.name() + " " + Arrays.hashCode(parameter.values().toArray())).collect(Collectors.joining());
    }
}
