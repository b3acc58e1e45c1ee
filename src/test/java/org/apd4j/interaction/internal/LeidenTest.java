package org.apd4j.interaction.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeidenTest {

    /** Zachary's karate club (1977), members numbered from 1. */
    private static final String KARATE = "1-2 1-3 2-3 1-4 2-4 3-4 1-5 1-6 1-7 5-7 6-7 1-8 2-8 3-8 4-8 1-9 3-9 3-10 1-11 5-11 6-11 1-12 1-13 4-13 "
            + "1-14 2-14 3-14 4-14 6-17 7-17 1-18 2-18 1-20 2-20 1-22 2-22 24-26 25-26 3-28 24-28 25-28 3-29 24-30 27-30 2-31 9-31 1-32 25-32 26-32 "
            + "29-32 3-33 9-33 15-33 16-33 19-33 21-33 23-33 24-33 30-33 31-33 32-33 9-34 10-34 14-34 15-34 16-34 19-34 20-34 21-34 23-34 24-34 "
            + "27-34 28-34 29-34 30-34 31-34 32-34 33-34";

    private static List<Leiden.Edge> karate() {
        return Arrays.stream(KARATE.split(" ")).map(edge -> edge.split("-")).map(ends -> new Leiden.Edge(Integer.parseInt(ends[0]) - 1,
                Integer.parseInt(ends[1]) - 1, 1)).toList();
    }

    /** The largest modularity that any partition of this graph has, known from exhaustive methods (Brandes and others 2008). */
    @Test
    void karateClubIsDividedWithTheLargestModularityThereIs() {
        assertEquals(78, karate().size());
        for (long seed = 0; seed < 5; seed++) {
            Leiden.Partition found = Leiden.partition(34, karate(), 1, seed);
            assertEquals(0.41979, found.modularity(), 1e-5);
            assertEquals(4, Arrays.stream(found.communities()).distinct().count());
        }
    }

    /** The jar of networkanalysis holds copies of some classes, without the rest of their library: Tablesaw must not be given these. */
    @Test
    void classesOfFastutilAreNotTheCopiesOfNetworkanalysis() throws ClassNotFoundException {
        for (String name : List.of("ints.IntArrays", "BigArrays", "doubles.DoubleArrays")) {
            String jar = Class.forName("it.unimi.dsi.fastutil." + name).getProtectionDomain().getCodeSource().getLocation().getPath();
            assertTrue(jar.matches(".*/fastutil-[0-9.]+\\.jar"), name + " is from " + jar);
        }
    }

    @Test
    void resolutionSetsTheSizeOfCommunities() {
        assertEquals(1, Arrays.stream(Leiden.partition(34, karate(), 0.01, 0).communities()).distinct().count());
        assertEquals(34, Arrays.stream(Leiden.partition(34, karate(), 100, 0).communities()).distinct().count());
        assertEquals(0, Leiden.partition(34, karate(), 0.01, 0).modularity(), 1e-12);
    }

    @Test
    void weightsDecideAndVerticesWithoutEdgesStayAlone() {
        // a square whose opposite sides are strong, and a vertex of its own
        List<Leiden.Edge> edges = List.of(new Leiden.Edge(0, 1, 5), new Leiden.Edge(1, 2, 1), new Leiden.Edge(2, 3, 5), new Leiden.Edge(3, 0, 1));
        Leiden.Partition found = Leiden.partition(5, edges, 1, 0);
        int[] c = found.communities();
        assertEquals(c[0], c[1]);
        assertEquals(c[2], c[3]);
        assertNotEquals(c[0], c[2]);
        assertEquals(3, Arrays.stream(c).distinct().count());
        // both communities have the inner weight 5 of 12 and half of all ends
        assertEquals(10.0 / 12 - 2 * 0.25, found.modularity(), 1e-12);
        List<Leiden.Edge> turned = new ArrayList<>();
        edges.forEach(edge -> turned.add(new Leiden.Edge(edge.one(), edge.other(), 6 - edge.weight())));
        int[] other = Leiden.partition(5, turned, 1, 0).communities();
        assertEquals(other[1], other[2]);
        assertNotEquals(other[0], other[1]);
        assertArrayEquals(new int[] {0, 1, 2}, Leiden.partition(3, List.of(), 1, 0).communities());
    }
}
