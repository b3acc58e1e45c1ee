package org.apd4j.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Slightly damaged files. */
final class Mutations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] INTERESTING = {0, 1, -1, 127, -128, '"', '{', '[', '\n', ',', '9', '-'};
    private static final List<String> WORDS = List.of("null", "-1", "0", "1e999", "2147483647", "2147483648", "9223372036854775807",
            "\"\"", "[]", "{}", "true", "NaN", "\"\\u0000\"", "[null]", "1.5", "\"\uD83D\uDE00\"", "-0.0", "1e-300", "\"input\"");
    private static final String DESCRIPTION = "run_json.npy";

    private Mutations() {
    }

    /** Some bytes changed, taken out, doubled, or the end cut off. */
    static byte[] ofBytes(byte[] whole, SplittableRandom random) {
        byte[] bytes = whole.clone();
        for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 0; times--) {
            int at = random.nextInt(random.nextInt(4) == 0 ? Math.min(bytes.length, 200) : bytes.length);
            int length = 1 + random.nextInt(1 << random.nextInt(9));
            int end = Math.min(bytes.length, at + length);
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = INTERESTING[random.nextInt(INTERESTING.length)];
                case 3 -> bytes = joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
                case 4 -> bytes = joined(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, at, bytes.length));
                case 5 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
                case 6 -> Arrays.fill(bytes, at, end, INTERESTING[random.nextInt(INTERESTING.length)]);
                default -> number(bytes, at, random);
            }
        }
        return bytes;
    }

    private static void number(byte[] bytes, int at, SplittableRandom random) {
        long[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, bytes.length, 0x7fc00000, 0x7f800000};
        long value = numbers[random.nextInt(numbers.length)];
        byte[] coded = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        System.arraycopy(coded, 0, bytes, at, Math.min(random.nextInt(2) == 0 ? Integer.BYTES : Long.BYTES, bytes.length - at));
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    /** A zip whose archive is right and whose content is not: entries changed, lost, doubled under other names; checksums fit. */
    static byte[] ofZip(byte[] whole, SplittableRandom random) throws IOException {
        Map<String, byte[]> entries = entries(whole);
        List<String> names = new ArrayList<>(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        if (entries.containsKey(DESCRIPTION) && random.nextInt(2) == 0) {
            name = DESCRIPTION;
        }
        byte[] content = entries.get(name);
        switch (random.nextInt(12)) {
            case 0 -> entries.remove(name);
            case 1 -> entries.put(random.nextInt(2) == 0 ? "more.npy" : "n\u2028\n".repeat(1 + random.nextInt(9_000)) + ".npy", content);
            case 2 -> entries.put(name, entries.get(names.get(random.nextInt(names.size()))));
            case 3 -> entries.put(name, Npy.floats(random, content));
            case 4 -> entries.put(name, Npy.shape(random, content));
            default -> entries.put(name, name.equals(DESCRIPTION) ? Npy.text(ofJson(Npy.text(content), random)) : ofBytes(content, random));
        }
        return zip(entries, random.nextInt(3) == 0);
    }

    static Map<String, byte[]> entries(byte[] whole) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(whole))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    static byte[] zip(Map<String, byte[]> entries, boolean packed) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var named : entries.entrySet()) {
                var entry = new ZipEntry(named.getKey());
                if (!packed) {
                    var sum = new CRC32();
                    sum.update(named.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(named.getValue().length);
                    entry.setCrc(sum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(named.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** A value changed, lost, doubled or moved; now and then a few letters of the text. */
    static String ofJson(String text, SplittableRandom random) throws IOException {
        if (random.nextInt(6) == 0) {
            return new String(ofBytes(text.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8);
        }
        JsonNode tree = JSON.readTree(text);
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            change(tree, random);
        }
        return tree.toString().replace("\"@deep\"", "[".repeat(2_000) + "]".repeat(2_000)).replace("\"@long\"", "9".repeat(2_000));
    }

    private static void change(JsonNode tree, SplittableRandom random) throws IOException {
        List<JsonNode> containers = new ArrayList<>();
        collect(tree, containers);
        JsonNode in = containers.get(random.nextInt(containers.size()));
        if (in instanceof ArrayNode list) {
            int at = list.isEmpty() ? 0 : random.nextInt(list.size());
            switch (random.nextInt(4)) {
                case 0 -> list.insert(at, value(tree, random));
                case 1 -> list.remove(at);
                case 2 -> list.add(list.isEmpty() ? value(tree, random) : list.get(at).deepCopy());
                default -> {
                    if (!list.isEmpty()) {
                        list.set(at, value(tree, random));
                    }
                }
            }
        } else if (in instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(random.nextInt(3) == 0 ? "n".repeat(60_000) : "more", value(tree, random));
                default -> object.set(name, value(tree, random));
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode()) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }

    private static JsonNode value(JsonNode tree, SplittableRandom random) throws IOException {
        return switch (random.nextInt(8)) {
            case 0 -> JSON.getNodeFactory().textNode(random.nextInt(2) == 0 ? "@deep" : "@long");
            case 1 -> JSON.getNodeFactory().textNode("t\n".repeat(random.nextInt(40_000)));
            case 2 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 3 -> {
                List<JsonNode> containers = new ArrayList<>();
                collect(tree, containers);
                yield containers.get(random.nextInt(containers.size())).deepCopy();
            }
            default -> new ObjectMapper().enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
                    .readTree(WORDS.get(random.nextInt(WORDS.size())));
        };
    }

    /** A header of JSON with a length before it, and numbers after it. */
    static byte[] ofSafetensors(byte[] whole, SplittableRandom random) throws IOException {
        int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = ofJson(new String(whole, Long.BYTES, length, StandardCharsets.UTF_8), random).getBytes(StandardCharsets.UTF_8);
        byte[] prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array();
        return joined(joined(prefix, header), Arrays.copyOfRange(whole, Long.BYTES + length, whole.length));
    }

    /** Fields and lines exchanged. */
    static byte[] ofTable(byte[] whole, SplittableRandom random) {
        List<String> lines = new ArrayList<>(List.of(new String(whole, StandardCharsets.UTF_8).split("\n")));
        List<String> fields = List.of("", "NaN", "Infinity", "-1e400", "#", "\"", "\"a\nb\"", "word", "0x1p3", "ü", "1,2", "\t",
                "1e9999999999", "label", "'", "\uFEFF", "x".repeat(70_000), "1" + "0".repeat(2_000));
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(lines.size());
            String[] line = lines.get(at).split(",", -1);
            line[random.nextInt(line.length)] = fields.get(random.nextInt(fields.size()));
            switch (random.nextInt(5)) {
                case 0 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                case 1 -> lines.add(at, random.nextInt(2) == 0 ? "" : ",".repeat(random.nextInt(20_000)));
                default -> lines.set(at, String.join(",", line));
            }
        }
        return String.join(random.nextInt(5) == 0 ? "\r\n" : "\n", lines).getBytes(StandardCharsets.UTF_8);
    }
}
