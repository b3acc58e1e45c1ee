package org.apd4j.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Small files in the form of GPT-2's vocab.json and merges.txt. */
public final class BytePairFiles {

    private BytePairFiles() {
    }

    /** GPT-2's printable character of every byte, as its authors' code makes them: three ranges stand for themselves, the others follow from 256 on. */
    public static List<String> characters() {
        List<Integer> bytes = new ArrayList<>();
        IntStream.rangeClosed('!', '~').forEach(bytes::add);
        IntStream.rangeClosed('¡', '¬').forEach(bytes::add);
        IntStream.rangeClosed('®', 'ÿ').forEach(bytes::add);
        List<String> characters = bytes.stream().map(Character::toString).collect(Collectors.toCollection(ArrayList::new));
        int next = 256;
        for (int value = 0; value < 256; value++) {
            if (!bytes.contains(value)) {
                characters.add(Character.toString(next++));
            }
        }
        return characters;
    }

    /** Writes both files: a token for every byte and for what each merge makes, and the end of a document. */
    public static void write(Path folder, String... merges) throws IOException {
        List<String> symbols = characters();
        symbols.addAll(Arrays.stream(merges).map(merge -> merge.replace(" ", "")).toList());
        symbols.add("<|endoftext|>");
        writeVocabulary(folder, symbols);
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
    }

    /** Writes vocab.json. */
    public static void writeVocabulary(Path folder, List<String> symbols) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), IntStream.range(0, symbols.size()).mapToObj(token -> "\"" + symbols.get(token)
                .replace("\\", "\\\\").replace("\"", "\\\"") + "\": " + token).collect(Collectors.joining(", ", "{", "}")));
    }
}
