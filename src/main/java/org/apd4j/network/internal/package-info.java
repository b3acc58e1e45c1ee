/**
 * The fast passes of networks. {@link org.apd4j.network.internal.NetworkGraph} reduces a description to layers and functions with fixed linear maps
 * between {@linkplain org.apd4j.network.internal.Source sources} and {@linkplain org.apd4j.network.internal.Sink sinks};
 * {@link org.apd4j.network.internal.LinearParts} multiplies the layers' weights in; {@link org.apd4j.network.internal.DensePass} runs the result forward
 * and backward. {@link org.apd4j.network.internal.LayeredPass} follows the description node by node instead. Start reading at {@code NetworkGraph}.
 */
@NullMarked
package org.apd4j.network.internal;

import org.jspecify.annotations.NullMarked;
