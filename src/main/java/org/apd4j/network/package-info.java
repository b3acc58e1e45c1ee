/**
 * Networks as immutable descriptions, and the passes that run them.
 *
 * <p>A {@link org.apd4j.network.Network} is a list of nodes and the parameters that they use, made by a
 * {@link org.apd4j.network.NetworkBuilder}. It says what is computed and what is trained; which parts are decomposed is the business of whoever
 * decomposes. Package {@code internal} derives fast passes from the description: a graph of layers and functions, whose fixed linear maps are
 * multiplied out, and forward and backward passes over it. Start reading at {@code Network}, then {@code internal.NetworkGraph}.
 */
@NullMarked
package org.apd4j.network;

import org.jspecify.annotations.NullMarked;
