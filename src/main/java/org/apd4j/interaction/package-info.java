/**
 * The Local Interaction Basis (Bushnaq, Heimersheim, Goldowsky-Dill, Braun and others 2024, arXiv 2405.10928).
 */
@NullMarked
package org.apd4j.interaction;

import org.jspecify.annotations.NullMarked;
