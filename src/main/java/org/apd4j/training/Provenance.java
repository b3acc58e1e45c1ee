package org.apd4j.training;

/**
 * The provenance of a result: seed, length of training, software and machine.
 *
 * <pre>{@code
 * Provenance provenance = run.provenance();
 * System.out.println("seed " + provenance.seed() + ", step " + provenance.step() + ", " + provenance.library());
 * }</pre>
 *
 * @param seed    the seed of the batches and, for a decomposition, of the initial components
 * @param step    the number of training steps done
 * @param seconds the training time in seconds
 * @param threads the largest number of threads that steps were divided among, on which results do not depend
 * @param library the version of this library
 * @param java    the version of Java and the name of the virtual machine
 * @param system  the operating system and processor architecture; last digits may differ between systems
 */
public record Provenance(long seed, int step, double seconds, int threads, String library, String java, String system) {

    /** The version of this library. */
    public static final String LIBRARY = "apd4j 0.1.0";

    /** Returns the provenance of a run in this process. */
    public static Provenance here(long seed, int step, double seconds, int threads) {
        return new Provenance(seed, step, seconds, threads, LIBRARY,
                System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"),
                System.getProperty("os.name") + ", " + System.getProperty("os.arch"));
    }
}
