package org.apd4j.target;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.data.Dataset;
import org.apd4j.network.Parameter;

/**
 * Whether two targets are the same one.
 *
 * <pre>{@code
 * TargetDifference.of(target.target(), run.target(), Parameter.Role.values()).orElse("the same target")
 * }</pre>
 */
public final class TargetDifference {

    private TargetDifference() {
    }

    /**
     * What sets two targets apart, in words that follow "differs in"; empty if nothing does.
     *
     * @param roles of the parameters whose values must be equal, to the last bit; training changes all but {@link Parameter.Role#FIXED}
     */
    public static Optional<String> of(Target one, Target other, Parameter.Role... roles) {
        if (!TargetFile.describe(one).equals(TargetFile.describe(other))) {
            return Optional.of("the target's network or data");
        }
        if (one.data() instanceof Dataset && !one.data().equals(other.data())) {
            return Optional.of("the rows of the target's data"); // a description holds their number only
        }
        return Stream.of(roles).flatMap(role -> one.network().parameters(role).stream())
                .filter(parameter -> !Arrays.equals(parameter.values().toArray(), other.network().parameter(parameter.name()).values().toArray()))
                .map(parameter -> "the target's " + parameter.name()).findFirst();
    }

    /** A text that is the same for targets that do not differ in these parameters or in the rows of their data, and differs for nearly all others. */
    public static String digest(Target target, Parameter.Role... roles) {
        String rows = target.data() instanceof Dataset ? " " + target.data().hashCode() : "";
        return target.name() + rows + Stream.of(roles).flatMap(role -> target.network().parameters(role).stream())
                .map(parameter -> " " + parameter.name() + " " + Arrays.hashCode(parameter.values().toArray())).collect(Collectors.joining());
    }
}
