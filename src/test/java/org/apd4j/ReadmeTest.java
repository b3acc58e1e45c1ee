package org.apd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs and links in the README. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");

    @Test
    void theProgramInTheReadmeCompilesAndHasFewerThanTwentyLines(@TempDir Path folder) throws IOException {
        String program = program();
        assertTrue(program.lines().count() < 20, program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var source = new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return program;
            }
        };
        var messages = new StringWriter();
        var options = List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(source)).call();
        assertTrue(compiled, messages.toString());
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        Matcher link = Pattern.compile("]\\((?!https?:)([^)#]+)\\)").matcher(Files.readString(README));
        assertEquals(List.of(), link.results().map(found -> found.group(1)).filter(file -> !Files.exists(Path.of(file))).toList());
    }

    private static String program() throws IOException {
        Matcher block = Pattern.compile("```java\\n(import .*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertTrue(block.find(), "the README has no Java program");
        return block.group(1);
    }
}
