package org.apd4j.charts;

import java.util.List;
import org.apd4j.charts.internal.NetworkRows;
import org.apd4j.charts.internal.PanelGrid;

/**
 * Networks as nodes and edges on one scale, red for positive and blue for negative weights, darker the larger they are (the paper's Figure 3, lower
 * row, which has no signs).
 *
 * <pre>{@code
 * double[][] weights = {{1, -1}, {0.5, 0}};
 * NetworkPanels.figure("A network", List.of(NetworkDiagram.dense("two by two", List.<double[][]>of(weights))))
 * }</pre>
 */
public final class NetworkPanels {

    private static final double ONE_PANEL = 640;

    private NetworkPanels() {
    }

    /**
     * Returns a panel for each network.
     *
     * @throws IllegalArgumentException if there is no network, or their layers differ
     */
    public static Figure figure(String title, List<NetworkDiagram> networks) {
        return PanelGrid.figure(title, NetworkRows.row(networks));
    }

    /**
     * Returns one network in which only the edges from a feature's input and to its output have colours; all others are faint.
     *
     * @param feature index of a node in the first and in the last layer
     * @throws IllegalArgumentException if the network has no such feature
     */
    public static Figure feature(String title, NetworkDiagram network, int feature) {
        return PanelGrid.figure(title, NetworkRows.rowOfFeature(List.of(network), feature, ONE_PANEL));
    }
}
