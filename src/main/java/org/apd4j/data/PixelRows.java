package org.apd4j.data;

import org.apd4j.math.SparseRows;

/** Images stored as one byte for each value, which stand for 0/255 … 255/255: an eighth of the memory of single-precision values with their places. */
final class PixelRows implements Rows {

    private static final float LARGEST = 255;

    private final byte[] pixels;
    private final int width;

    /**
     * @param pixels {@code [rows · width]}, not copied; must not be changed any more
     * @param width  values of an image, at least 1
     */
    PixelRows(byte[] pixels, int width) {
        this.pixels = pixels;
        this.width = width;
    }

    @Override
    public int size() {
        return pixels.length / width;
    }

    @Override
    public int width() {
        return width;
    }

    private float value(int at) {
        return (pixels[at] & 0xFF) / LARGEST;
    }

    @Override
    public void gather(SparseRows batch, int[] which, int count) {
        if (batch.columns() != width) {
            throw new IllegalArgumentException("cannot copy rows of width " + width + " into a batch of width " + batch.columns());
        }
        batch.clear();
        for (int i = 0; i < count; i++) {
            int start = Math.multiplyExact(which[i], width);
            for (int j = 0; j < width; j++) {
                if (pixels[start + j] != 0) {
                    batch.add(j, value(start + j));
                }
            }
            batch.endRow();
        }
    }

    @Override
    public int hashOfValues() {
        int hash = 31 * width + size();
        for (int row = 0; row < size(); row++) {
            for (int at = row * width; at < (row + 1) * width; at++) {
                if (pixels[at] != 0) {
                    hash = 31 * (31 * hash + (at - row * width)) + Float.floatToIntBits(value(at));
                }
            }
            hash = 31 * hash + 1;
        }
        return hash;
    }
}
