package org.apd4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** What the readers of image collections have in common: finding files, packed or not, and their checksums. */
final class ImageBytes {

    private static final String PACKED = ".gz";

    private ImageBytes() {
    }

    /** Checks that there is such a folder. */
    static void requireFolder(Path folder, ImageCollection collection) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "there is no such folder; for " + collection + ", " + collection.instructions());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + ": give the folder that the files of " + collection + " are in, not a file");
        }
    }

    /** Returns the file of this name, or else of this name with {@code .gz}. */
    static Optional<Path> find(Path folder, String name) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + PACKED);
        return Files.isRegularFile(plain) ? Optional.of(plain) : Files.isRegularFile(packed) ? Optional.of(packed) : Optional.empty();
    }

    /**
     * Returns the file of this name.
     *
     * @throws NoSuchFileException if it is neither there as it is nor packed
     */
    static Path require(Path folder, String name, ImageCollection collection) throws IOException {
        return find(folder, name).orElseThrow(() -> new NoSuchFileException(folder.resolve(name).toString(), null,
                "there is no such file, nor one with the ending .gz; for " + collection + ", " + collection.instructions()));
    }

    /** Opens a file and unpacks it if its name says that it is packed. */
    static InputStream open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            return file.toString().endsWith(PACKED) ? new GZIPInputStream(bytes, 1 << 16) : bytes;
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /** Returns a stream that computes the MD5 checksum of what is read from it, the kind of checksum that the collections publish. */
    static DigestInputStream digesting(InputStream bytes) {
        try {
            return new DigestInputStream(bytes, MessageDigest.getInstance("MD5"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Returns the checksum of what was read, in hexadecimal. */
    static String checksum(DigestInputStream bytes) {
        return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
    }
}
