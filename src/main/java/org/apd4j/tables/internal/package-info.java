/** Numbers and tables as text and HTML, the same in every locale. */
@NullMarked
package org.apd4j.tables.internal;

import org.jspecify.annotations.NullMarked;
