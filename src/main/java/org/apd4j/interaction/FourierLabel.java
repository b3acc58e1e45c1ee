package org.apd4j.interaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.interaction.internal.PlaneSpectrum;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.Grid;

/**
 * The frequencies of a function of two numbers modulo an odd p, such as a node of a network that adds them: the largest terms of its Fourier
 * transform, each with its share of the sum of squares.
 *
 * <pre>{@code
 * FourierLabel label = FourierLabel.of(Grid.of(11, 11, (x, y) -> Math.cos(2 * Math.PI * 3 * (x + y) / 11)));
 * System.out.println(label); // 100% cos(3x + 3y)
 * }</pre>
 *
 * @param terms by decreasing share
 */
public record FourierLabel(List<Term> terms) {

    private static final double TOGETHER = 0.01;
    private static final double ENOUGH = 0.995;
    private static final double SMALLEST = 0.005;
    private static final int MOST = 7;

    public FourierLabel {
        terms = List.copyOf(terms);
    }

    /**
     * A term of the transform.
     *
     * @param share of the sum of squares, 0 … 1
     * @param text  such as {@code cos(3x + 3y)}, and {@code cos(1x + 1y)} with the frequency 1, as in the reference implementation
     */
    public record Term(double share, String text) {

        /** The share in whole per cent and the term as it is written by hand, such as {@code 97% cos(x + y)}, {@code <1% const}. */
        @Override
        public String toString() {
            return (share < 0.01 ? "<1" : Long.toString(Math.round(100 * share))) + "% " + text.replaceAll("(?<!\\d)1(?=[xy])", "");
        }
    }

    /**
     * Returns the largest terms of a function: as many as are needed for 0.995 of the sum of squares, at most 7, and at most one with a share below
     * 0.005. Terms in both x and y are those of {@code cos(ix ± jy)} if sums outweigh differences more than products of cosines outweigh products of
     * sines, else these products. As in the reference implementation, all follow from sizes {@code |A|} alone: phases play no role.
     *
     * @param values {@code [p, p]}, row x, column y
     * @throws IllegalArgumentException if the grid is not square, of odd size, or all values are 0
     */
    public static FourierLabel of(Grid values) {
        if (values.rows() != values.columns() || values.rows() % 2 == 0) {
            throw new IllegalArgumentException("the values are " + values + "; they must be those of all pairs of numbers modulo an odd number");
        }
        PlaneSpectrum spectrum = PlaneSpectrum.of(DoubleMatrix.of(values));
        double total = spectrum.total();
        if (!(total > 0 && total < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the values have no frequencies: they are all 0, or one is infinite or NaN");
        }
        List<Term> all = new ArrayList<>();
        all.add(new Term(square(spectrum.size(0, 0)) / total, "const"));
        int half = (values.rows() - 1) / 2;
        for (int i = 1; i <= half; i++) {
            double ofX = (square(spectrum.size(i, 0)) + square(spectrum.size(-i, 0))) / total;
            double ofY = (square(spectrum.size(0, i)) + square(spectrum.size(0, -i))) / total;
            String x = "cos(" + i + "x)";
            String y = "cos(" + i + "y)";
            if (Math.abs(ofX - ofY) < TOGETHER) {
                all.add(new Term(ofX + ofY, x + " + " + y));
            } else {
                all.add(new Term(ofX, x));
                all.add(new Term(ofY, y));
            }
        }
        all.addAll(ofBoth(spectrum, half, total));
        all.sort(Comparator.comparingDouble(Term::share).reversed());
        List<Term> largest = new ArrayList<>();
        double sum = 0;
        for (Term term : all.subList(0, Math.min(MOST, all.size()))) {
            largest.add(term);
            sum += term.share();
            if (sum > ENOUGH || term.share() < SMALLEST) {
                break;
            }
        }
        return new FourierLabel(largest);
    }

    private static List<Term> ofBoth(PlaneSpectrum spectrum, int half, double total) {
        List<Term> waves = new ArrayList<>();
        List<Term> products = new ArrayList<>();
        double plus = 0;
        double minus = 0;
        double cosines = 0;
        double sines = 0;
        for (int i = 1; i <= half; i++) {
            for (int j = 1; j <= half; j++) {
                double p = spectrum.size(i, j);
                double q = spectrum.size(i, -j);
                waves.add(new Term(2 * p * p / total, "cos(" + i + "x + " + j + "y)"));
                waves.add(new Term(2 * q * q / total, "cos(" + i + "x - " + j + "y)"));
                products.add(new Term(square(p + q) / total, "cos(" + i + "x) * cos(" + j + "y)"));
                products.add(new Term(square(p - q) / total, "sin(" + i + "x) * sin(" + j + "y)"));
                plus += 2 * p * p;
                minus += 2 * q * q;
                cosines += square(p + q);
                sines += square(p - q);
            }
        }
        return plus / minus > cosines / sines ? waves : products;
    }

    private static double square(double x) {
        return x * x;
    }

    /**
     * Returns the labels of the nodes of a node layer of a network that adds numbers modulo p, in order: those of each node's sum over positions, as
     * a function of the two numbers.
     *
     * @throws IllegalArgumentException if there is no basis of the node layer, the network takes other samples, or a node is always 0
     */
    public static List<FourierLabel> ofNodes(InteractionBasis basis, String nodeLayer, int p) {
        SectionedNetwork network = basis.network();
        DoubleMatrix f = DoubleMatrix.of(network.values(nodeLayer, new ModularAddition(p, 0.5, 0).all()));
        DoubleMatrix nodes = DoubleGemm.product(f, DoubleMatrix.of(basis.layer(nodeLayer).basis()));
        int positions = network.positions(nodeLayer);
        return IntStream.range(0, nodes.columns()).mapToObj(node -> of(Grid.of(p, p, (x, y) -> {
            double sum = 0;
            for (int t = 0; t < positions; t++) {
                sum += nodes.get((x * p + y) * positions + t, node);
            }
            return sum;
        }))).toList();
    }

    /** Returns the largest term with its share, such as {@code 97% cos(36x + 36y)}; empty if there are no terms. */
    public String largest() {
        return terms.isEmpty() ? "" : terms.get(0).toString();
    }

    /** The terms with their shares in whole per cent, such as {@code 97% cos(36x + 36y), 2% cos(8x), <1% const}. */
    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(", "));
    }
}
