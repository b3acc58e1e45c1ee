/**
 * What several measures share: the decomposition under measurement, checks of arguments, the monosemantic baseline, the weights of a residual MLP.
 * Not part of the library's interface; it may change at any time.
 */
@NullMarked
package org.apd4j.measures.internal;

import org.jspecify.annotations.NullMarked;
