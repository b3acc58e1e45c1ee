package org.apd4j.decomposition.internal;

import org.apd4j.math.Matrix;
import org.apd4j.math.internal.Gemm;
import org.apd4j.network.internal.LinearMap;

/**
 * A product of components' factors and fixed maps, made once a step so that what lies between two narrow places of a network is not computed sample
 * by sample. Gradients with respect to it are summed in parts, one for each part of a batch, and then passed on to the factors.
 */
public abstract class FoldedMap {

    private final Matrix[] gradients;
    private final Matrix sum;

    /** @param parts the number of parts that a batch is divided into */
    FoldedMap(int rows, int columns, int parts) {
        gradients = new Matrix[parts];
        for (int part = 0; part < parts; part++) {
            gradients[part] = Matrix.zeros(rows, columns);
        }
        sum = Matrix.zeros(rows, columns);
    }

    /** Computes the map from the current factors. */
    public abstract void refresh();

    /** Returns the map. */
    public abstract Matrix value();

    /** Returns the gradient that a part of the batch adds to. */
    public final Matrix gradient(int part) {
        return gradients[part];
    }

    /** Sets the gradient of a part of the batch to 0. */
    public final void clear(int part) {
        gradients[part].fill(0);
    }

    /** Sums the gradients of the first parts, in their order. */
    public final void sumParts(int parts) {
        sum.copyFrom(gradients[0]);
        for (int part = 1; part < parts; part++) {
            float[] from = gradients[part].data();
            float[] to = sum.data();
            for (int i = 0; i < to.length; i++) {
                to[i] += from[i];
            }
        }
    }

    /** Returns the gradient that {@link #sumParts} has summed. */
    public final Matrix sum() {
        return sum;
    }

    /** One factor of a layer and a fixed map: {@code A[:,c] ᵀ · mapᵀ} on the way into a layer, {@code B[c,:] · map} on the way out; {@code [C, width]}. */
    public static final class OfFactor extends FoldedMap {

        private final Matrix factor;
        private final LinearMap map;
        private final boolean inward;
        private final Matrix value;

        /**
         * @param factor {@code [C, d]}
         * @param map    on the way in {@code [width, d]}, on the way out {@code [d, width]}
         */
        OfFactor(Matrix factor, LinearMap map, boolean inward, int parts) {
            super(factor.rows(), inward ? map.in() : map.out(), parts);
            this.factor = factor;
            this.map = map.share();
            this.inward = inward;
            this.value = map.isIdentity() ? factor : Matrix.zeros(factor.rows(), inward ? map.in() : map.out());
        }

        /** Returns whether this is the fold of a factor and a map. */
        boolean isOf(Matrix factor, LinearMap map, boolean inward) {
            return factor == this.factor && inward == this.inward && (map == this.map || map.isIdentity() && this.map.isIdentity()
                    || !map.isIdentity() && !this.map.isIdentity() && map.in() == this.map.in() && map.out() == this.map.out()
                            && map.toMatrix().squaredDistance(this.map.toMatrix()) == 0);
        }

        @Override
        public void refresh() {
            if (!map.isIdentity()) {
                Gemm.run(1, factor, false, map.toMatrix(), inward, 0, value);
            }
        }

        @Override
        public Matrix value() {
            return value;
        }

        /** Adds to the gradient of a factor, if it is this one's. */
        public void addTo(Matrix ofFactor, Matrix factorGradient) {
            if (ofFactor != factor) {
                return;
            }
            Matrix gradient = sum();
            if (!map.isIdentity()) {
                Gemm.run(1, gradient, false, map.toMatrix(), !inward, 1, factorGradient);
                return;
            }
            for (int i = 0; i < gradient.size(); i++) {
                factorGradient.data()[i] += gradient.data()[i];
            }
        }
    }

    /** The way from the components of one layer to those of a later one, {@code B · path · A}, {@code [C of the first, C of the second]}. */
    public static final class OfPair extends FoldedMap {

        private final Matrix b;
        private final Matrix a;
        private final LinearMap path;
        private final Matrix value;
        /** {@code B · path}; B itself where the path is the identity. */
        private final Matrix out;
        private final Matrix work;

        /**
         * @param b    {@code [C, d]} of the first layer
         * @param path {@code [d, e]}
         * @param a    {@code [C', e]} of the second layer
         */
        OfPair(Matrix b, LinearMap path, Matrix a, int parts) {
            super(b.rows(), a.rows(), parts);
            this.b = b;
            this.a = a;
            this.path = path.share();
            this.value = Matrix.zeros(b.rows(), a.rows());
            this.out = path.isIdentity() ? b : Matrix.zeros(b.rows(), a.columns());
            this.work = Matrix.zeros(b.rows(), a.columns());
        }

        @Override
        public void refresh() {
            if (!path.isIdentity()) {
                Gemm.product(b, path.toMatrix(), out);
            }
            Gemm.productTransposed(out, a, value);
        }

        @Override
        public Matrix value() {
            return value;
        }

        /** Adds to the gradient of the first layer's B, if it is this one's. */
        public void addToB(Matrix ofB, Matrix bGradient) {
            if (ofB != b) {
                return;
            }
            if (path.isIdentity()) {
                Gemm.addProduct(sum(), a, bGradient);
            } else {
                Gemm.product(sum(), a, work);
                Gemm.addProductTransposed(work, path.toMatrix(), bGradient);
            }
        }

        /** Adds to the gradient of the second layer's A, if it is this one's. */
        public void addToA(Matrix ofA, Matrix aGradient) {
            if (ofA == a) {
                Gemm.addTransposedProduct(sum(), out, aGradient);
            }
        }
    }
}
