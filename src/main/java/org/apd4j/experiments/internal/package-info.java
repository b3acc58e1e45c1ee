/** The command that makes the committed comparison of methods. */
@NullMarked
package org.apd4j.experiments.internal;

import org.jspecify.annotations.NullMarked;
