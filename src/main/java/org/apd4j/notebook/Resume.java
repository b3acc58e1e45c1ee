package org.apd4j.notebook;

/**
 * Whether a saved run is continued, see {@link RunStore#keep(String, Resume, java.util.function.Supplier)}.
 *
 * <pre>{@code
 * var apd = RunStore.keep("tms-5-2", Resume.YES, () -> Apd.decompose(target, ApdConfig.paperTms5to2()));
 * }</pre>
 */
public enum Resume {
    /** The run continues from its saved state, provided that settings, seed and target are the same. */
    YES,
    /** The run starts from the beginning. */
    NO
}
