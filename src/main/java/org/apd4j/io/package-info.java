/**
 * Files of arrays: NumPy's {@code .npz} and {@code .npy}, PyTorch's {@code .safetensors}, and {@code .npz} files that carry their own description.
 * What the arrays mean is up to the packages that write them; which runs are saved where is decided elsewhere, too.
 *
 * <p>Start with {@link org.apd4j.io.Npz} for plain arrays and {@link org.apd4j.io.ArrayFile} for the format of saved runs. Every reader checks a file
 * before it allocates memory for it and answers damage with an {@link java.io.IOException} of one line.
 */
@NullMarked
package org.apd4j.io;

import org.jspecify.annotations.NullMarked;
