package org.apd4j.notebook;

/**
 * Whether a run that was kept goes on from where it was saved, see {@link Runs#keep(String, Continue, java.util.function.Supplier)}.
 *
 * <pre>{@code
 * var apd = Runs.keep("tms-5-2", Continue.YES, () -> Apd.decompose(target, ApdConfig.paperTms5to2()));
 * }</pre>
 */
public enum Continue {
    /** It goes on from the saved state, if there is one of the same settings, seed and target. */
    YES,
    /** It starts anew. */
    NO
}
