/**
 * How targets are stored in files, compared, and given weights from elsewhere. Start with {@link org.apd4j.targets.internal.TargetFile}, the part
 * that all file formats with a target share. This package is for the library alone and may change in any version.
 */
@NullMarked
package org.apd4j.targets.internal;

import org.jspecify.annotations.NullMarked;
