package org.apd4j.io.internal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A converter of records to JSON and back. Components become fields of the same name and enum constants lower-case words; a field {@code type} tells
 * the implementations of an interface apart. Reading is strict: every component must be present, nothing else may be, and numbers must be numbers.
 *
 * <pre>{@code
 * String text = new Json(Map.of()).write(Provenance.here(0, 1_000, 2.5, 2));
 * }</pre>
 */
public final class Json {

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {
    }

    private static final class Words extends StdSerializer<Enum<?>> {

        private static final long serialVersionUID = 1;

        Words() {
            super(Enum.class, false);
        }

        @Override
        public void serialize(Enum<?> value, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeString(value.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Limits far above the size of any description. */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder().maxNestingDepth(50).maxNumberLength(100).maxNameLength(1_000)
            .maxStringLength(100_000).build();

    private final JsonMapper mapper;

    /**
     * Creates a converter.
     *
     * @param kinds for every interface that several records implement, these records by the value of {@code type}
     */
    public Json(Map<Class<?>, Map<String, Class<?>>> kinds) {
        var builder = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(LIMITS).build())
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .addModule(new SimpleModule().addSerializer(new Words()));
        kinds.forEach((type, records) -> {
            builder.addMixIn(type, Typed.class);
            records.forEach((name, kind) -> builder.registerSubtypes(new NamedType(kind, name)));
        });
        this.mapper = builder.build();
    }

    /** Returns a record as indented JSON. */
    public String write(Object value) {
        try {
            return mapper.writeValueAsString(value) + "\n";
        } catch (JacksonException e) {
            throw new IllegalArgumentException(value.getClass().getSimpleName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Parses a JSON object.
     *
     * @throws IOException if the text is not JSON or not an object, or contains null
     */
    public JsonNode tree(String text) throws IOException {
        try {
            JsonNode tree = mapper.readTree(text);
            if (!tree.isObject()) {
                throw new IOException("is not a JSON object");
            }
            requireNoNull(tree, "");
            return tree;
        } catch (StreamConstraintsException e) {
            throw new IOException("is not a description written by this library (" + plain(e.getOriginalMessage()) + ")", e);
        } catch (JacksonException e) {
            String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            throw new IOException("is not JSON (" + line + plain(e.getOriginalMessage()) + ")", e);
        }
    }

    /**
     * Parses a JSON object that another program wrote, in which null may occur.
     *
     * @return the fields by name, in the order of the text
     * @throws IOException if the text is not JSON or not an object
     */
    public Map<String, JsonNode> foreign(String text) throws IOException {
        try {
            JsonNode tree = mapper.readTree(text);
            if (!tree.isObject()) {
                throw new IOException("is not a JSON object");
            }
            Map<String, JsonNode> fields = new LinkedHashMap<>();
            tree.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
            return fields;
        } catch (JacksonException e) {
            String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            throw new IOException("is not JSON (" + line + plain(e.getOriginalMessage()) + ")", e);
        }
    }

    /** Checks that no field and no list entry is null. */
    private static void requireNoNull(JsonNode node, String path) throws IOException {
        if (node.isNull()) {
            throw new IOException("has null in '" + path + "', which needs a value");
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            requireNoNull(node.get(i), path + "[" + i + "]");
        }
        for (var field : node.properties()) {
            requireNoNull(field.getValue(), path + (path.isEmpty() ? "" : ".") + field.getKey());
        }
    }

    /**
     * Converts a tree to a record.
     *
     * @throws IOException if the tree does not match the type; the message names the field and what is wrong with it
     */
    public <T> T read(JsonNode tree, Class<T> type) throws IOException {
        return read(tree, mapper.constructType(type));
    }

    /**
     * Converts a tree to a record of a generic type.
     *
     * @param arguments the type arguments
     * @throws IOException if the tree does not match the type; the message names the field and what is wrong with it
     */
    public <T> T read(JsonNode tree, Class<?> type, Class<?>... arguments) throws IOException {
        return read(tree, mapper.getTypeFactory().constructParametricType(type, arguments));
    }

    private <T> T read(JsonNode tree, JavaType type) throws IOException {
        try {
            return mapper.readerFor(type).readValue(tree);
        } catch (UnrecognizedPropertyException e) {
            throw new IOException("has an unknown field '" + path(e) + "'", e);
        } catch (InvalidTypeIdException e) {
            throw new IOException(e.getTypeId() == null ? "lacks a 'type' in '" + path(e) + "'"
                    : "has the unknown type '" + e.getTypeId() + "' in '" + path(e) + "'", e);
        } catch (ValueInstantiationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("is wrong in '" + path(e) + "': " + plain(Refusal.reason(cause)), e);
        } catch (MismatchedInputException e) {
            throw new IOException(mismatch(tree, e), e);
        } catch (JsonMappingException e) {
            throw new IOException("is wrong in '" + path(e) + "': " + plain(e.getOriginalMessage()), e);
        } catch (JacksonException e) {
            throw new IOException("is not JSON: " + plain(e.getOriginalMessage()), e);
        }
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.length() > 0 ? "." : "").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String mismatch(JsonNode tree, MismatchedInputException e) {
        JsonNode value = tree;
        for (var step : e.getPath()) {
            value = step.getFieldName() == null ? value.path(step.getIndex()) : value.path(step.getFieldName());
        }
        if (value.isMissingNode()) {
            return "lacks '" + path(e) + "'";
        }
        String text = value.isContainerNode() ? value.isArray() ? "a list" : "an object" : value.toString();
        return "has " + text + " in '" + path(e) + "' instead of " + wanted(e.getTargetType());
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == int.class || type == long.class) {
            return "an integer of at most " + (type == int.class ? 32 : 64) + " bits";
        }
        if (type == double.class) {
            return "a number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type != null && type.isEnum()) {
            return "one of " + Arrays.stream(type.getEnumConstants()).map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT)).toList();
        }
        return type == String.class ? "a string" : type != null && List.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    /** Returns a message as one line, without what the parser says to programmers. */
    private static String plain(@Nullable String message) {
        return message == null ? "no reason is given" : Refusal.line(message)
                .replaceAll(" \\(bound as `[^`]*`\\)| as per `[^`]*`|, from `[^`]*`", "");
    }
}
