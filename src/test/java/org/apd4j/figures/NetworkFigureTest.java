package org.apd4j.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter.Role;
import org.junit.jupiter.api.Test;

class NetworkFigureTest {

    static Network network() {
        Matrix embedding = Matrix.zeros(64, 16).fill(1);
        return Network.builder(64).parameter("W_E", Role.FIXED, embedding).linear("embedding", "input", "W_E", false)
                .parameter("gain", Role.FIXED, Matrix.zeros(1, 16).fill(1)).parameter("offset", Role.FIXED, Matrix.zeros(1, 16))
                .layerNorm("norm", "embedding", "gain", "offset", 1e-5)
                .dense("in", "norm", 32, RandomStream.of(1)).activation("gelu", "in", Activation.GELU)
                .dense("out", "gelu", 16, RandomStream.of(2)).sum("stream", "embedding", "out")
                .dense("logits", "stream", 10, RandomStream.of(3)).softmax("digit", "logits").build();
    }

    @Test
    void aNetworksTableHasItsNodesWidthsShapesAndRoles() {
        var table = NetworkFigure.of(network()).numbers();
        assertEquals(List.of("node", "computes", "width", "parameters", "values", "role"), table.columnNames());
        assertEquals(network().nodes().size(), table.rowCount());
        int row = table.stringColumn("node").asList().indexOf("in.linear");
        assertEquals("norm · in.weight", table.get(row, 1));
        assertEquals(32, table.get(row, 2));
        assertEquals("in.weight [16, 32]", table.get(row, 3));
        assertEquals(512, table.get(row, 4));
        assertEquals("trained", table.get(row, 5));
    }

    @Test
    void weightsHaveAColourOfTheirOwnAndTheDrawingGrowsWithTheNodes() {
        Figure figure = NetworkFigure.of(network());
        BufferedImage image = figure.image(1);
        int blue = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                blue += (image.getRGB(x, y) & 0xffffff) == 0xBFDDF2 ? 1 : 0;
            }
        }
        assertTrue(blue > 3 * 2000, blue + " pixels of decomposed maps");
        Network small = Network.builder(2).dense("y", "input", 2, RandomStream.of(0)).build();
        assertTrue(NetworkFigure.of(small).height() < figure.height());
        assertTrue(figure.alternative().startsWith("Network 64 → 10 (logits), drawn from the input down: input = x, 64 wide; "),
                figure.alternative());
    }
}
