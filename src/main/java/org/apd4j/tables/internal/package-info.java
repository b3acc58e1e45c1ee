/** Numbers and tables as text and HTML, the same in every locale. */
package org.apd4j.tables.internal;
