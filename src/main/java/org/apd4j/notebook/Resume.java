package org.apd4j.notebook;

/**
 * Whether a run that was kept goes on from where it was saved, see {@link RunStore#keep(String, Resume, java.util.function.Supplier)}.
 *
 * <pre>{@code
 * var apd = RunStore.keep("tms-5-2", Resume.YES, () -> Apd.decompose(target, ApdConfig.paperTms5to2()));
 * }</pre>
 */
public enum Resume {
    /** It goes on from the saved state, if there is one of the same settings, seed and target. */
    YES,
    /** It starts anew. */
    NO
}
