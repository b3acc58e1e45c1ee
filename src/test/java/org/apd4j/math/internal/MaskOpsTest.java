package org.apd4j.math.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MaskOpsTest {

    private static final float[] GAMMA = {-2, -1e-20f, 0, 1e-20f, 0.25f, 1, 1.0000001f, 3};

    @Test
    void boundaryPointsOfImportancesBelongToTheIntervalOnTheirLeft() {
        int count = GAMMA.length;
        float[] g = new float[count];
        MaskOps.lower(GAMMA, g, count);
        assertArrayEquals(new float[] {-0.02f, -1e-22f, 0, 1e-20f, 0.25f, 1, 1, 1}, g, 1e-7f);
        float[] u = new float[count];
        MaskOps.upper(GAMMA, u, count);
        assertArrayEquals(new float[] {0, 0, 0, 1e-20f, 0.25f, 1, 1, 1.02f}, u, 1e-7f);
        float[] slopes = {1, 1, 1, 1, 1, 1, 1, 1};
        MaskOps.scaleByLowerSlope(GAMMA, slopes, count);
        assertArrayEquals(new float[] {0.01f, 0.01f, 0.01f, 1, 1, 1, 0, 0}, slopes, 1e-7f);
        float[] added = {5, 5, 5, 5, 5, 5, 5, 5};
        MaskOps.addUpperSlope(GAMMA, new float[] {1, 1, 1, 1, 2, 1, 1, 1}, 10, added, count);
        assertArrayEquals(new float[] {5, 5, 5, 15, 25, 15, 5.1f, 5.1f}, added, 1e-5f);
    }

    @Test
    void clampedImportancesPassBackBelowZeroOnlyWhatAsksForMore() {
        int count = GAMMA.length;
        float[] g = new float[count];
        MaskOps.clamp(GAMMA, g, count);
        assertArrayEquals(new float[] {0, 0, 0, 1e-20f, 0.25f, 1, 1, 1}, g);
        float[] asksForMore = {-2, -2, -2, -2, -2, -2, -2, -2};
        MaskOps.scaleByRisingSlope(GAMMA, asksForMore, count);
        assertArrayEquals(new float[] {-0.02f, -0.02f, -0.02f, -2, -2, -2, 0, 0}, asksForMore, 1e-7f);
        float[] asksForLess = {2, 2, 2, 2, 2, 2, 2, 2};
        MaskOps.scaleByRisingSlope(GAMMA, asksForLess, count);
        assertArrayEquals(new float[] {0, 0, 0, 2, 2, 2, 0, 0}, asksForLess, 1e-7f);
    }

    /** m = 0.5 + 0.5 · 0.5 = 0.75 for g = r = 0.5, and 0.2 for g = 0.2, r = 0. */
    @Test
    void masksAreImportancesPlusARandomPartOfWhatIsMissing() {
        float[] a = {9, 2, 10};
        float[] g = {9, 0.5f, 0.2f};
        float[] r = {9, 0.5f, 0};
        float[] z = {9, 0, 0};
        MaskOps.apply(a, g, r, z, 1, 3, 0);
        assertArrayEquals(new float[] {9, 1.5f, 2}, z, 1e-6f);
        float[] zGradient = {9, 1, 3};
        float[] gGradient = {9, 100, 0};
        MaskOps.pullBack(a, g, r, zGradient, gGradient, 1, 3, 0);
        assertArrayEquals(new float[] {9, 101, 30}, gGradient, 1e-5f); // ∂z · a · (1 − r)
        assertArrayEquals(new float[] {9, 0.75f, 0.6f}, zGradient, 1e-6f); // ∂z · m
    }

    /** m = 0.75 and δ = 0.25, m = 0.2 and δ = 0.5. */
    @Test
    void besideADeltaComponentMasksCountForWhatTheyHaveMoreThanIt() {
        float[] a = {9, 2, 10};
        float[] g = {9, 0.5f, 0.2f};
        float[] r = {9, 0.5f, 0};
        float[] delta = {0.25f, 0.5f};
        float[] z = {9, 0, 0};
        MaskOps.applyLess(a, g, r, delta, 0, z, 1, 3);
        assertArrayEquals(new float[] {9, 1, -3}, z, 1e-6f);
        float[] zGradient = {9, 1, 3};
        float[] gGradient = {9, 100, 0};
        MaskOps.pullBackLess(a, g, r, delta, 0, zGradient, gGradient, 1, 3);
        assertArrayEquals(new float[] {9, 101, 30}, gGradient, 1e-5f); // ∂z · a · (1 − r)
        assertArrayEquals(new float[] {9, 0.5f, -0.9f}, zGradient, 1e-6f); // ∂z · (m − δ)
    }

    @Test
    void importancesThemselvesAreAMaskWithoutRandomNumbers() {
        float[] z = new float[2];
        MaskOps.multiply(new float[] {2, 4}, new float[] {0.5f, -0.01f}, z, 0, 2, 0);
        assertArrayEquals(new float[] {1, -0.04f}, z, 1e-7f);
        float[] zGradient = {1, 1};
        float[] gGradient = {0, 1};
        MaskOps.pullBack(new float[] {2, 4}, new float[] {0.5f, -0.01f}, zGradient, gGradient, 0, 2, 0);
        assertArrayEquals(new float[] {2, 5}, gGradient);
        assertArrayEquals(new float[] {0.5f, -0.01f}, zGradient);
        float[] sum = {1, 1};
        MaskOps.add(new float[] {2, 3}, sum, 1, 2);
        assertEquals(1, sum[0]);
        assertEquals(4, sum[1]);
    }
}
