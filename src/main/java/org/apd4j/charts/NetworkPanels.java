package org.apd4j.charts;

import java.util.List;
import org.apd4j.charts.internal.NetworkRows;
import org.apd4j.charts.internal.PanelGrid;

/**
 * Networks as nodes and edges on one scale, darker for a larger |weight| (the paper's Figure 3, lower row).
 *
 * <pre>{@code
 * double[][] weights = {{1, -1}, {0.5, 0}};
 * NetworkPanels.figure("A network", List.of(NetworkDiagram.dense("two by two", List.<double[][]>of(weights))))
 * }</pre>
 */
public final class NetworkPanels {

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
}
