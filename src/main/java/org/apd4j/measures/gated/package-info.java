/**
 * Measures for the hand-coded gated functions (paper appendix B.1), whose mechanisms are known. Start reading at
 * {@link org.apd4j.measures.gated.FunctionRecovery}.
 */
@NullMarked
package org.apd4j.measures.gated;

import org.jspecify.annotations.NullMarked;
