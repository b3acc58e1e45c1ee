package org.apd4j.math.internal;

import java.util.Arrays;

/**
 * The assignment of rows to distinct columns that maximises the sum of the chosen entries, by the Hungarian method (Kuhn 1955) with shortest augmenting
 * paths, which takes {@code rows² · columns} steps.
 *
 * <pre>{@code
 * int[] columns = Assignment.maximal(new double[][] {{1, 2}, {0, 3}}); // 0, 1
 * }</pre>
 */
public final class Assignment {

    private Assignment() {
    }

    /**
     * Returns the column of each row.
     *
     * @param gains {@code [rows, columns]}, finite
     * @throws IllegalArgumentException if there are more rows than columns
     */
    public static int[] maximal(double[][] gains) {
        int rows = gains.length;
        int columns = rows == 0 ? 0 : gains[0].length;
        if (rows > columns) {
            throw new IllegalArgumentException("there are " + rows + " rows for " + columns + " columns; each row needs a column of its own");
        }
        // potentials of rows and columns, and the row of each column; index 0 stands for "none"
        double[] ofRow = new double[rows + 1];
        double[] ofColumn = new double[columns + 1];
        int[] rowOf = new int[columns + 1];
        for (int row = 1; row <= rows; row++) {
            augment(gains, row, ofRow, ofColumn, rowOf);
        }
        int[] columnOf = new int[rows];
        for (int column = 1; column <= columns; column++) {
            if (rowOf[column] > 0) {
                columnOf[rowOf[column] - 1] = column - 1;
            }
        }
        return columnOf;
    }

    /** Finds the shortest path from a row without a column to a column without a row, and exchanges the assignments along it. */
    private static void augment(double[][] gains, int row, double[] ofRow, double[] ofColumn, int[] rowOf) {
        int columns = ofColumn.length - 1;
        double[] distance = new double[columns + 1];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        boolean[] visited = new boolean[columns + 1];
        int[] before = new int[columns + 1];
        rowOf[0] = row;
        int at = 0;
        do {
            visited[at] = true;
            int from = rowOf[at];
            double step = Double.POSITIVE_INFINITY;
            int next = 0;
            for (int column = 1; column <= columns; column++) {
                if (visited[column]) {
                    continue;
                }
                double cost = -gains[from - 1][column - 1] - ofRow[from] - ofColumn[column];
                if (cost < distance[column]) {
                    distance[column] = cost;
                    before[column] = at;
                }
                if (distance[column] < step) {
                    step = distance[column];
                    next = column;
                }
            }
            for (int column = 0; column <= columns; column++) {
                if (visited[column]) {
                    ofRow[rowOf[column]] += step;
                    ofColumn[column] -= step;
                } else {
                    distance[column] -= step;
                }
            }
            at = next;
        } while (rowOf[at] != 0);
        while (at != 0) {
            rowOf[at] = rowOf[before[at]];
            at = before[at];
        }
    }
}
