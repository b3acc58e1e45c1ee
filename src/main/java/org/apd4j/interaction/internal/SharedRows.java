package org.apd4j.interaction.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apd4j.math.internal.DoubleGemm;
import org.apd4j.math.internal.DoubleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Rows of which equal ones are held once. A token at a position has the same embedding in all samples, so that a few hundred rows can stand for
 * thousands.
 *
 * @param values the different rows {@code [different, width]}
 * @param index  the place in {@code values} of every row; null if it is its own
 */
record SharedRows(DoubleMatrix values, int @Nullable [] index) {

    /** Returns rows as they are. */
    static SharedRows plain(DoubleMatrix rows) {
        return new SharedRows(rows, null);
    }

    /** Returns rows with equal ones shared, if that leaves at most half of them. */
    static SharedRows of(DoubleMatrix rows) {
        Map<Row, Integer> places = new HashMap<>();
        int[] index = new int[rows.rows()];
        int[] first = new int[rows.rows() / 2];
        for (int row = 0; row < index.length; row++) {
            Row key = new Row(Arrays.copyOfRange(rows.data(), row * rows.columns(), (row + 1) * rows.columns()));
            Integer known = places.get(key);
            if (known == null) {
                if (places.size() == first.length) {
                    return plain(rows);
                }
                first[places.size()] = row;
                known = places.size();
                places.put(key, known);
            }
            index[row] = known;
        }
        return new SharedRows(select(rows, Arrays.copyOf(first, places.size())), index);
    }

    private record Row(double[] values) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Row row && Arrays.equals(values, row.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    private static DoubleMatrix select(DoubleMatrix rows, int[] wanted) {
        DoubleMatrix selected = DoubleMatrix.zeros(wanted.length, rows.columns());
        for (int row = 0; row < wanted.length; row++) {
            System.arraycopy(rows.data(), wanted[row] * rows.columns(), selected.data(), row * rows.columns(), rows.columns());
        }
        return selected;
    }

    /** Returns the number of rows, equal ones counted. */
    int rows() {
        return index == null ? values.rows() : index.length;
    }

    /** Returns all rows. */
    DoubleMatrix expanded() {
        return index == null ? values : select(values, index);
    }

    /** Returns whether other values are shared in the same way. */
    boolean isSharedAs(SharedRows other) {
        return index == other.index;
    }

    /** Returns other values that are shared in the same way. */
    SharedRows with(DoubleMatrix others) {
        return new SharedRows(others, index);
    }

    /** Returns {@code rows · map}. */
    SharedRows times(DoubleMatrix map) {
        return with(DoubleGemm.product(values, map));
    }

    /** Returns the last rows of every group of consecutive ones. */
    SharedRows lastOf(int together, int kept) {
        int[] all = index == null ? IntStream.range(0, values.rows()).toArray() : index;
        int[] last = new int[all.length / together * kept];
        for (int i = 0; i < last.length; i++) {
            last[i] = all[i / kept * together + together - kept + i % kept];
        }
        return index == null ? plain(select(values, last)) : new SharedRows(values, last);
    }
}
