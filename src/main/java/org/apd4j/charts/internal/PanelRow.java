package org.apd4j.charts.internal;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tech.tablesaw.api.Table;

/**
 * A row of small panels on one scale, one for each network (target, sum of components, component 1, …): what
 * {@link VectorPanels#row} and {@link NetworkRows#row} make and {@link PanelGrid#figure} stacks, columns aligned.
 *
 * <pre>{@code
 * double[][] rows = {{1, 0}, {0, 1}};
 * PanelRow arrows = VectorPanels.row(List.of("W"), List.<double[][]>of(rows));
 * PanelRow networks = NetworkRows.row(List.of(NetworkDiagram.dense("W", List.<double[][]>of(rows))));
 * PanelGrid.figure("Both", arrows, networks)
 * }</pre>
 */
public final class PanelRow {

    static final double WIDEST = 190;
    static final double NARROWEST = 96;

    /** Draws one panel between (0, 0) and (width, height). */
    @FunctionalInterface
    public interface Cell {
        void paint(Pen pen, int panel, double width, double height);
    }

    /** Draws the labels of an axis or of layers at the left of the first panel of a line. */
    @FunctionalInterface
    public interface Side {
        void paint(Pen pen, double width, double height);
    }

    public final List<String> names;
    public final double aspect;
    public final double narrowest;
    public final double widest;
    public final Cell cell;
    public final Side left;
    public final double leftWidth;
    public final double below;
    public final Optional<ColorBar> bar;
    public final List<Key> keys;
    public final Table numbers;
    public final String description;

    /**
     * Makes a row of small panels.
     *
     * @param names  of the panels
     * @param aspect height of a panel over its width
     * @param below  room for labels under the panels, in logical pixels
     * @param bar    colour scale at the right, if there is one
     */
    public PanelRow(List<String> names, double aspect, Cell cell, Side left, double leftWidth, double below, Optional<ColorBar> bar,
             List<Key> keys, Table numbers, String description) {
        this(names, aspect, NARROWEST, WIDEST, cell, left, leftWidth, below, bar, keys, numbers, description);
    }

    /** Makes a row of panels between a smallest and a largest width, in logical pixels. */
    public PanelRow(List<String> names, double aspect, double narrowest, double widest, Cell cell, Side left, double leftWidth, double below,
             Optional<ColorBar> bar, List<Key> keys, Table numbers, String description) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a row of panels is empty; it needs at least one panel");
        }
        this.names = List.copyOf(names);
        this.aspect = aspect;
        this.narrowest = narrowest;
        this.widest = widest;
        this.cell = Objects.requireNonNull(cell);
        this.left = Objects.requireNonNull(left);
        this.leftWidth = leftWidth;
        this.below = below;
        this.bar = bar;
        this.keys = List.copyOf(keys);
        this.numbers = numbers;
        this.description = description;
    }
}
