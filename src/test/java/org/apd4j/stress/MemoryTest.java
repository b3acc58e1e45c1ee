package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apd4j.decomposition.Apd;
import org.apd4j.decomposition.ApdConfig;
import org.apd4j.decomposition.ApdRun;
import org.apd4j.figures.Figures;
import org.apd4j.measures.Recovery;
import org.apd4j.target.Tms;
import org.apd4j.target.TmsConfig;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty decompositions in one process: the memory of those that nobody holds any more comes back. */
@Tag("slow")
class MemoryTest {

    private static final int FEW = 5;
    private static final int MANY = 20;
    /** A heap that is resident from the beginning: what the process grows by is outside of it. */
    private static final List<String> HEAP = List.of("-Xms400m", "-Xmx400m", "-XX:+AlwaysPreTouch");
    /** A third of what {@link #MANY} − {@link #FEW} leaks would add, at a heap of {@code one} a run and 4 MB outside of it. */
    private static final double LEAKS_ALLOWED = 5;
    private static final int LEAKED_FLOATS = 1 << 20;
    private static final double MB = 1e6;
    private static final Pattern MEASURED = Pattern.compile("one run (\\S+) MB, heap \\+(\\S+) MB, resident \\+(\\S+) MB");

    /** Decomposes, measures and draws, and prints what memory that has cost. */
    public static final class Decomposer {

        private static final List<Object> LEAKED = new ArrayList<>();

        public static void main(String[] arguments) throws InterruptedException {
            boolean leaking = arguments[0].equals("leaking");
            double heap = 0;
            double resident = 0;
            for (int i = 1; i <= MANY; i++) {
                ApdRun run = decompose(i);
                if (leaking) {
                    LEAKED.add(run);
                    LEAKED.add(new FloatPointer(LEAKED_FLOATS).fill(1));
                }
                if (i == FEW) {
                    run = null;
                    heap = usedHeap();
                    resident = Pointer.physicalBytes();
                }
            }
            double grown = usedHeap() - heap;
            double grownResident = Pointer.physicalBytes() - resident;
            double without = usedHeap();
            ApdRun one = decompose(0);
            double with = usedHeap();
            System.out.printf(java.util.Locale.ROOT, "one run %.3f MB, heap +%.3f MB, resident +%.3f MB%n", (with - without) / MB, grown / MB,
                    grownResident / MB);
            System.exit(one.step() > 0 ? 0 : 1); // the run is held until here
        }

        private static ApdRun decompose(long seed) {
            var target = Tms.untrained(new TmsConfig(60, 12, 0, 0.05, 1, TmsConfig.paper5to2().training()), seed);
            ApdRun run = Apd.decompose(target, ApdConfig.paperTms40to10().with(c -> {
                c.components = 70;
                c.rank = 12;
                c.batch = 512;
                c.steps = 4;
            }), seed).train();
            Recovery.of(run);
            Figures.losses(run).png();
            return run;
        }

        /** The smallest of several looks: what is unreachable may take more than one collection to go. */
        private static double usedHeap() throws InterruptedException {
            double used = Double.POSITIVE_INFINITY;
            for (int look = 0; look < 6; look++) {
                System.gc();
                Thread.sleep(50);
                used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            return used;
        }
    }

    private record Growth(double oneRun, double heap, double resident) {

        boolean isALeak() {
            return heap > LEAKS_ALLOWED * oneRun || resident > LEAKS_ALLOWED * Float.BYTES * LEAKED_FLOATS / MB;
        }
    }

    private static Growth grow(String way) throws Exception {
        String said = OwnProcess.outputOf(OwnProcess.of(Decomposer.class, HEAP, way));
        Matcher measured = MEASURED.matcher(said);
        assertTrue(measured.find(), said);
        return new Growth(Double.parseDouble(measured.group(1)), Double.parseDouble(measured.group(2)), Double.parseDouble(measured.group(3)));
    }

    @Test
    void heapAndResidentMemoryComeBackAfterTwentyDecompositions() throws Exception {
        Growth growth = grow("clean");
        assertTrue(growth.oneRun > 1, "a run should be large enough to be seen: " + growth);
        assertEquals(false, growth.isALeak(), growth.toString());
    }

    @Test
    void runsThatAreHeldAreSeenInTheHeapAndOutsideOfIt() throws Exception {
        Growth growth = grow("leaking");
        assertTrue(growth.heap > LEAKS_ALLOWED * growth.oneRun, growth.toString());
        assertTrue(growth.resident > LEAKS_ALLOWED * Float.BYTES * LEAKED_FLOATS / MB, growth.toString());
    }
}
