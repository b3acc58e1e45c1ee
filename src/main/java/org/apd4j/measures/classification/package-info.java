/**
 * Measures for classifiers on labelled data: accuracy by class, what a classifier loses with a component, and which rows use which component. Start
 * reading at {@link org.apd4j.measures.classification.ClassAblation}.
 */
@NullMarked
package org.apd4j.measures.classification;

import org.jspecify.annotations.NullMarked;
