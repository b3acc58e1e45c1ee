/** Parts of the language models' package: weights by their published names, tokenisers, passes. */
@NullMarked
package org.apd4j.language.internal;

import org.jspecify.annotations.NullMarked;
