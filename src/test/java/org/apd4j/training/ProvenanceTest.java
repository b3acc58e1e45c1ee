package org.apd4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProvenanceTest {

    @Test
    void resultsNameTheVersionOfTheBuild() throws IOException {
        Matcher version = Pattern.compile("<artifactId>apd4j</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        version.find();
        assertEquals("apd4j " + version.group(1), Provenance.LIBRARY);
    }
}
