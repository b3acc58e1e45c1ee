package org.apd4j.training;

/**
 * Where a result comes from.
 *
 * <pre>{@code
 * Provenance provenance = run.provenance();
 * System.out.println("seed " + provenance.seed() + ", step " + provenance.step() + ", " + provenance.library());
 * }</pre>
 *
 * @param seed    of the batches and, of a decomposition, of the initial components
 * @param step    steps that were done
 * @param seconds of training
 * @param threads that the run used; they do not change its numbers
 * @param library version of this library
 * @param java    version of Java and name of the virtual machine
 * @param system  operating system and processor architecture; on another one, last digits may differ
 */
public record Provenance(long seed, int step, double seconds, int threads, String library, String java, String system) {

    /** Version of this library. */
    public static final String LIBRARY = "apd4j 0.1.0";

    /** Of a run in this process. */
    public static Provenance here(long seed, int step, double seconds, int threads) {
        return new Provenance(seed, step, seconds, threads, LIBRARY,
                System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"),
                System.getProperty("os.name") + ", " + System.getProperty("os.arch"));
    }
}
