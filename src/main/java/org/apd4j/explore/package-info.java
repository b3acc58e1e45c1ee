/**
 * Interactive outputs: {@link org.apd4j.explore.Board}, on which components of a small network are switched on and off,
 * {@link org.apd4j.explore.Explorer}, which shows what is known of a component of a residual MLP, and {@link org.apd4j.explore.GraphExplorer}, in which
 * the interactions of a network's nodes are followed. Each is one piece of HTML that needs no server and no network, with a still picture where scripts
 * may not run. Start with {@link org.apd4j.explore.Interactive}. The scripts are resources beside the classes; measures and figures, which compute and
 * draw what is shown here, are in their own packages.
 */
@NullMarked
package org.apd4j.explore;

import org.jspecify.annotations.NullMarked;
