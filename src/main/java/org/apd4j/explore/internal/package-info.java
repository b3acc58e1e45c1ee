/** What pages hold, and how it is written. */
@NullMarked
package org.apd4j.explore.internal;

import org.jspecify.annotations.NullMarked;
