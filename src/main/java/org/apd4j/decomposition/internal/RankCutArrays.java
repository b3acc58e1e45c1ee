package org.apd4j.decomposition.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apd4j.decomposition.Components;
import org.apd4j.decomposition.Factors;
import org.apd4j.decomposition.RankCut;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.math.Matrix;
import org.apd4j.network.Network;

/**
 * Components that were cut to their numerical rank, as the arrays of a file. With R, the sum of the ranks of a parameter's components:
 *
 * <pre>
 * cut                &lt;f8  [tolerance, error of the weights, error of the outputs, 1 if components are shared by all parameters]
 * [parameter].ranks  &lt;i4  [C]
 * [parameter].a      |u1  [R, d_in]   the columns of A, component after component: whole steps, 128 for 0
 * [parameter].a.step &lt;f4  [R]
 * [parameter].b      |u1  [R, d_out]  the rows of B
 * [parameter].b.step &lt;f4  [R]
 * </pre>
 *
 * <p>Older files hold A and B as {@code <f4} numbers, without steps.
 */
public final class RankCutArrays {

    private static final String CUT = "cut";
    private static final String RANKS = ".ranks";
    private static final String A = ".a";
    private static final String B = ".b";
    private static final int NUMBERS = 4;

    /**
     * What a file holds.
     *
     * @param components the components
     * @param error      the difference to the whole ones
     */
    public record Content(Components components, RankCut.CutError error) {
    }

    private RankCutArrays() {
    }

    /** Returns the arrays of a cut decomposition. */
    public static Map<String, NpyArray> of(RankCut cut) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        Components components = cut.decomposition().components();
        for (Factors factors : components.factors()) {
            List<Integer> ranks = Objects.requireNonNull(cut.ranks().get(factors.parameter()));
            int all = ranks.stream().mapToInt(rank -> rank).sum();
            float[] a = new float[all * factors.in()];
            float[] b = new float[all * factors.out()];
            int at = 0;
            for (int c = 0; c < factors.components(); c++) {
                for (int r = 0; r < ranks.get(c); r++, at++) {
                    for (int i = 0; i < factors.in(); i++) {
                        a[at * factors.in() + i] = factors.a(c).get(i, r);
                    }
                    for (int o = 0; o < factors.out(); o++) {
                        b[at * factors.out() + o] = factors.b(c).get(r, o);
                    }
                }
            }
            arrays.put(factors.parameter() + RANKS, NpyArray.of(ranks.stream().mapToInt(rank -> rank).toArray(), ranks.size()));
            RoundedArrays.write(factors.parameter() + A, a, all, arrays);
            RoundedArrays.write(factors.parameter() + B, b, all, arrays);
        }
        RankCut.CutError error = cut.error();
        arrays.put(CUT, NpyArray.of(new double[] {error.tolerance(), error.weights(), error.outputs(), components.isShared() ? 1 : 0}, NUMBERS));
        return arrays;
    }

    /** Returns whether a file holds components that were cut. */
    public static boolean areIn(ArrayFile file) {
        return file.has(CUT);
    }

    /**
     * Takes the components out of a file.
     *
     * @throws IOException if an array is missing or does not fit the network
     */
    public static Content take(ArrayFile file, Network network) throws IOException {
        double[] numbers = file.take(CUT, NpyArray.Type.FLOAT64, NUMBERS).toDoubles();
        List<Factors> factors = new ArrayList<>();
        int largest = 0;
        for (var parameter : network.parameters()) {
            String name = parameter.name();
            if (!file.has(name + RANKS)) {
                continue;
            }
            int count = file.length(name + RANKS);
            int[] ranks = Arrays.stream(file.take(name + RANKS, NpyArray.Type.INT32, count).toLongs()).mapToInt(Math::toIntExact).toArray();
            int all = Arrays.stream(ranks).sum();
            int most = Arrays.stream(ranks).max().orElse(0);
            if (count == 0 || Arrays.stream(ranks).anyMatch(rank -> rank < 0)) {
                throw file.wrong(name + RANKS, "holds no ranks of components");
            }
            int in = parameter.values().rows();
            int out = parameter.values().columns();
            float[] a = RoundedArrays.read(file, name + A, all, in);
            float[] b = RoundedArrays.read(file, name + B, all, out);
            factors.add(spread(Factors.zeros(name, count, in, out, Math.max(1, most)), ranks, a, b));
            largest = Math.max(largest, most);
        }
        Components components = numbers[NUMBERS - 1] == 1 ? new Components(network, factors) : Components.ofLayers(network, factors);
        return new Content(components, new RankCut.CutError(numbers[0], largest, numbers[1], numbers[2]));
    }

    private static Factors spread(Factors factors, int[] ranks, float[] a, float[] b) {
        int at = 0;
        for (int c = 0; c < ranks.length; c++) {
            Matrix ofA = factors.a(c);
            Matrix ofB = factors.b(c);
            for (int r = 0; r < ranks[c]; r++, at++) {
                for (int i = 0; i < factors.in(); i++) {
                    ofA.set(i, r, a[at * factors.in() + i]);
                }
                for (int o = 0; o < factors.out(); o++) {
                    ofB.set(r, o, b[at * factors.out() + o]);
                }
            }
        }
        return factors;
    }
}
