"""Tests that cells see the libraries resolved by Maven, not the older copies inside the kernel's jar."""

from __future__ import annotations

from test_kernel import WithKernels

ARCHIVES = """
import java.nio.file.*;
import org.apache.commons.compress.archivers.tar.*;
import org.apache.commons.compress.compressors.gzip.*;
var folder = Files.createTempDirectory("archives");
var file = folder.resolve("a.tar.gz");
try (var out = new TarArchiveOutputStream(new GzipCompressorOutputStream(Files.newOutputStream(file)))) {
    var entry = new TarArchiveEntry("b.txt");
    entry.setSize(3);
    out.putArchiveEntry(entry);
    out.write("abc".getBytes());
    out.closeArchiveEntry();
}
org.nd4j.common.util.ArchiveUtils.unzipFileTo(file.toString(), folder.toString(), false);
Files.readString(folder.resolve("b.txt"))
"""


class Libraries(WithKernels):

    def test_commons_lang_is_the_one_that_commons_compress_needs(self):
        for kernel in self.kernels:
            where = kernel.run("org.apache.commons.lang3.ArrayUtils.class.getProtectionDomain().getCodeSource().getLocation().toString()")
            self.assertRegex(where.value or "", r"commons-lang3-3\.(1[4-9]|[2-9]\d)", where)

    def test_nd4j_reads_archives_with_commons_compress(self):
        for kernel in self.kernels:
            cell = kernel.run(ARCHIVES)
            self.assertEqual("abc", cell.value, cell)
