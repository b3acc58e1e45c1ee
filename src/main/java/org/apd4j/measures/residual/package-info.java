/**
 * Measures for residual MLPs (paper sections 3.2 and 3.3): contributions of neurons to features, losses per feature and under scrubbing, and the
 * mixing of features by the residual path. Start reading at {@link org.apd4j.measures.residual.NeuronContributions}.
 */
@NullMarked
package org.apd4j.measures.residual;

import org.jspecify.annotations.NullMarked;
