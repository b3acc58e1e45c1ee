/**
 * Measures for toy models of superposition (paper section 3.1): whether the features' directions are recovered, and losses by the number of active
 * features. Start reading at {@link org.apd4j.measures.superposition.Recovery}.
 */
@NullMarked
package org.apd4j.measures.superposition;

import org.jspecify.annotations.NullMarked;
