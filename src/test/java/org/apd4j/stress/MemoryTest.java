package org.apd4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.figures.Figures;
import org.apd4j.measures.superposition.Recovery;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.OwnProcess;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty decompositions in one process: the memory of those no longer referenced is released. */
@Tag("slow")
class MemoryTest {

    /** What is made once, by the first of them, is no leak. */
    private static final int FEW = 5;
    private static final int MANY = 20;
    /** Held on purpose afterwards, more than are allowed. */
    private static final int HELD = 8;
    private static final double LEAKS_ALLOWED = 5;
    private static final int LEAKED_FLOATS = 1 << 20;
    private static final double LEAKED_MB = Float.BYTES * LEAKED_FLOATS / 1e6;
    /** A heap that is resident from the beginning: what the process grows by is outside of it. */
    private static final List<String> HEAP = List.of("-Xms400m", "-Xmx400m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");
    private static final double MB = 1e6;
    private static final Pattern MEASURED = Pattern.compile("(\\w+): heap (\\S+) MB, resident (\\S+) MB");

    /** What the process has grown by. */
    private record Growth(double heap, double resident) {
    }

    private static Growth ofMany;
    private static Growth ofHeld;
    private static Growth ofOne;

    /** Decomposes, measures and draws, and prints what memory that has cost. */
    public static final class Decomposer {

        private static final List<Object> HOLDER = new ArrayList<>();

        public static void main(String[] arguments) throws InterruptedException {
            decompose(FEW);
            report("few");
            decompose(MANY - FEW);
            report("many");
            for (int i = 0; i < HELD; i++) {
                HOLDER.add(decompose(1));
                HOLDER.add(new FloatPointer(LEAKED_FLOATS).fill(1));
            }
            report("held");
            HOLDER.add(decompose(1));
            report("one");
            System.exit(HOLDER.size() > 2 * HELD ? 0 : 1); // all of them are held until here
        }

        private static DecompositionRun<ApdConfig> decompose(int times) {
            DecompositionRun<ApdConfig> run = null;
            for (int i = 0; i < times; i++) {
                var target = Tms.untrained(new TmsConfig(60, 12, 0, 0.05, 1, TmsConfig.paper5to2().training()), i);
                run = Apd.decompose(target, ApdConfig.paperTms40to10().with(c -> {
                    c.components = 70;
                    c.rank = 12;
                    c.batch = 64;
                    c.steps = 2;
                }), i).train();
                Recovery.of(run);
                Figures.losses(run).png();
            }
            return run;
        }

        private static void report(String after) throws InterruptedException {
            System.out.printf(Locale.ROOT, "%s: heap %.3f MB, resident %.3f MB%n", after, usedHeap() / MB, Pointer.physicalBytes() / MB);
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

    @BeforeAll
    static void decompose() throws Exception {
        String said = OwnProcess.outputOf(OwnProcess.of(Decomposer.class, HEAP));
        var measured = new HashMap<String, Growth>();
        MEASURED.matcher(said).results()
                .forEach(line -> measured.put(line.group(1), new Growth(Double.parseDouble(line.group(2)), Double.parseDouble(line.group(3)))));
        assertEquals(Set.of("few", "many", "held", "one"), measured.keySet(), said);
        ofMany = between(measured.get("few"), measured.get("many"));
        ofHeld = between(measured.get("many"), measured.get("held"));
        ofOne = between(measured.get("held"), measured.get("one"));
    }

    private static Growth between(Growth before, Growth after) {
        return new Growth(after.heap - before.heap, after.resident - before.resident);
    }

    private static boolean heapLeaks(Growth growth) {
        return growth.heap > LEAKS_ALLOWED * ofOne.heap;
    }

    private static boolean residentLeaks(Growth growth) {
        return growth.resident > LEAKS_ALLOWED * LEAKED_MB;
    }

    @Test
    void heapAndResidentMemoryAreReleasedAfterTwentyDecompositions() {
        assertTrue(ofOne.heap > 1, "a run should be large enough to be seen: " + ofOne);
        assertFalse(heapLeaks(ofMany), ofMany.toString());
        assertFalse(residentLeaks(ofMany), ofMany.toString());
    }

    @Test
    void retainedRunsOccupyHeapAndNativeMemory() {
        assertTrue(heapLeaks(ofHeld), ofHeld.toString());
        assertTrue(residentLeaks(ofHeld), ofHeld.toString());
    }
}
