/**
 * What readers and writers of files share: atomic replacement of files, JSON of records, fingerprints of settings, messages about damaged files.
 * Nothing here knows a file format.
 *
 * <p>Start with {@link org.apd4j.io.internal.AtomicFile} for writing and {@link org.apd4j.io.internal.Refusal} for reading. This package is for the
 * library alone and may change in any version.
 */
@NullMarked
package org.apd4j.io.internal;

import org.jspecify.annotations.NullMarked;
