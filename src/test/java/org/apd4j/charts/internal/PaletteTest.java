package org.apd4j.charts.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class PaletteTest {

    /** Machado, Oliveira and Fernandes (2009), severity 1: what colour-blind eyes see, in linear RGB. */
    private static final double[][][] EYES = {
        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
        {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
        {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
    };

    @Test
    void anyTwoColoursDifferForEveryKindOfColourVision() {
        for (int eye = 0; eye < EYES.length; eye++) {
            for (int i = 0; i < Palette.categories(); i++) {
                for (int j = 0; j < i; j++) {
                    double distance = distance(Palette.category(i), Palette.category(j), EYES[eye]);
                    assertTrue(distance > 15, "eye " + eye + ": colours " + j + " and " + i + " are " + distance + " apart");
                }
            }
        }
    }

    @Test
    void everyColourStandsOutFromWhite() {
        for (int n : new int[] {5, 10, 40, 100}) {
            for (int i = 0; i < n; i++) {
                assertTrue(distance(Palette.feature(i, n), Color.WHITE, EYES[0]) > 30, i + " of " + n);
            }
        }
    }

    @Test
    void thePerceptualScaleRisesEvenlyInLightnessFromVioletToYellow() {
        double before = lab(Palette.viridis(0), EYES[0])[0];
        for (int i = 1; i <= 50; i++) {
            double now = lab(Palette.viridis(i / 50.0), EYES[0])[0];
            assertTrue(now > before && now - before < 3, "at " + i);
            before = now;
        }
        // matplotlib's ends of viridis, within the polynomial's error
        assertClose(new Color(68, 1, 84), Palette.viridis(0));
        assertClose(new Color(33, 145, 140), Palette.viridis(0.5));
        assertClose(new Color(253, 231, 37), Palette.viridis(1));
    }

    @Test
    void valuesOutsideTheScaleAreClampedAndNaNIsGrey() {
        assertEquals(Palette.viridis(0), Palette.viridis(-3));
        assertEquals(Palette.viridis(1), Palette.viridis(Double.POSITIVE_INFINITY));
        Color none = Palette.viridis(Double.NaN);
        assertTrue(none.getRed() == none.getGreen() && none.getGreen() == none.getBlue());
        assertEquals(Palette.ink(0), Palette.ink(Double.NaN));
    }

    @Test
    void aFeatureThatDoesNotExistHasNoColour() {
        assertThrows(IllegalArgumentException.class, () -> Palette.feature(5, 5));
        assertThrows(IllegalArgumentException.class, () -> Palette.feature(-1, 5));
        assertThrows(IllegalArgumentException.class, () -> Palette.category(-1));
    }

    private static void assertClose(Color expected, Color actual) {
        int most = Math.max(Math.abs(expected.getRed() - actual.getRed()), Math.max(
                Math.abs(expected.getGreen() - actual.getGreen()), Math.abs(expected.getBlue() - actual.getBlue())));
        assertTrue(most <= 5, expected + " and " + actual);
    }

    private static double distance(Color a, Color b, double[][] eye) {
        double[] p = lab(a, eye);
        double[] q = lab(b, eye);
        return Math.sqrt(Math.pow(p[0] - q[0], 2) + Math.pow(p[1] - q[1], 2) + Math.pow(p[2] - q[2], 2));
    }

    private static double[] lab(Color color, double[][] eye) {
        double[] rgb = {linear(color.getRed()), linear(color.getGreen()), linear(color.getBlue())};
        var seen = new double[3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                seen[i] += eye[i][j] * rgb[j];
            }
            seen[i] = Math.min(1, Math.max(0, seen[i]));
        }
        double x = f((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
        double y = f(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
        double z = f((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double f(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
