package org.apd4j.interaction.internal;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.apd4j.math.internal.SymmetricEigenSolver;

/**
 * The step from whitened principal components to the basis: {@code M = R⁺ M′ R⁺ᵀ = V Λ Vᵀ} and {@code C = R V √Λ}, without the directions of small Λ.
 *
 * @param jacobians  M′ {@code [d, d]}
 * @param products   Λ′ {@code [d, d]} of the two older bases
 * @param whitened   M {@code [k, k]}
 * @param rotation   V {@code [k, k]}
 * @param effects    Λ {@code [k]} in the order of V's columns
 * @param order      the columns of V by decreasing Λ, those that are kept apart first {@code [k]}
 * @param basis      C {@code [d, n]}
 * @param inverse    C⁺ {@code [n, d]}
 */
public record JacobianStep(DoubleMatrix jacobians, Optional<DoubleMatrix> products, DoubleMatrix whitened, DoubleMatrix rotation, double[] effects,
                           int[] order, DoubleMatrix basis, DoubleMatrix inverse) {

    /**
     * Rotates the principal components of a node layer.
     *
     * @param layer     name of the node layer, for messages
     * @param jacobians M′ {@code [d, d]}
     * @param products  Λ′ {@code [d, d]}, for the two older bases
     * @throws IllegalArgumentException if the threshold leaves nothing
     */
    public static JacobianStep of(String layer, PrincipalStep principal, DoubleMatrix jacobians, Optional<DoubleMatrix> products, double threshold) {
        DoubleMatrix whitening = principal.whitening();
        DoubleMatrix whiteningInverse = principal.whiteningInverse();
        DoubleMatrix whitened = DoubleGemm.productTransposed(DoubleGemm.product(whiteningInverse, jacobians), whiteningInverse);
        int k = whitened.rows();
        int apart = principal.apart();
        SymmetricEigenSolver found = SymmetricEigenSolver.of(DoubleMatrix.of(k - apart, k - apart, (i, j) -> whitened.get(apart + i, apart + j)));
        Integer[] decreasing = IntStream.range(0, k - apart).boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> Math.abs(found.values()[c])).reversed()).toArray(Integer[]::new);
        DoubleMatrix rotation = DoubleMatrix.identity(k);
        double[] effects = new double[k];
        for (int c = 0; c < apart; c++) {
            effects[c] = whitened.get(c, c);
        }
        for (int c = 0; c < k - apart; c++) {
            effects[apart + c] = Math.abs(found.values()[decreasing[c]]);
            for (int i = 0; i < k - apart; i++) {
                rotation.set(apart + i, apart + c, found.vectors().get(decreasing[c], i));
            }
        }
        if (products.isPresent()) {
            DoubleMatrix rotated = DoubleGemm.product(DoubleGemm.product(whiteningInverse, products.get()), DoubleGemm.product(whitening, rotation));
            DoubleMatrix diagonal = DoubleGemm.transposedProduct(rotation, rotated);
            for (int c = 0; c < k; c++) {
                effects[c] = Math.abs(diagonal.get(c, c));
            }
        }
        int[] order = IntStream.concat(IntStream.range(0, apart), IntStream.range(apart, k).boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> effects[c]).reversed()).mapToInt(Integer::intValue)).toArray();
        int n = k - (int) IntStream.range(0, k).filter(c -> effects[c] < threshold).count();
        if (n <= apart) {
            throw new IllegalArgumentException("the threshold " + threshold + " leaves no node of node layer '" + layer
                    + "' that acts on what follows; its largest effect Λ is " + (k > apart ? effects[order[apart]] : 0));
        }
        for (int c = 0; c < n; c++) {
            if (!(effects[order[c]] > 0)) {
                throw new IllegalArgumentException("node " + c + " of node layer '" + layer + "' has the effect Λ = " + effects[order[c]]
                        + ", by which its basis would be divided" + (c < apart ? ": what follows does not react to its " + (c == 0 ? "constant"
                                : "variance")
                        : "; use a threshold above 0"));
            }
        }
        DoubleMatrix rotated = DoubleGemm.product(whitening, rotation);
        DoubleMatrix rotatedInverse = DoubleGemm.transposedProduct(rotation, whiteningInverse);
        DoubleMatrix basis = DoubleMatrix.of(rotated.rows(), n, (i, c) -> rotated.get(i, order[c]) * Math.sqrt(effects[order[c]]));
        DoubleMatrix inverse = DoubleMatrix.of(n, rotated.rows(), (c, i) -> rotatedInverse.get(order[c], i) / Math.sqrt(effects[order[c]]));
        return new JacobianStep(jacobians, products, whitened, rotation, effects, order, basis, inverse);
    }
}
