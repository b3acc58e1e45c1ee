package org.apd4j.notebook;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apd4j.notebook.internal.SourceDocs;
import org.apd4j.notebook.internal.SourceDocs.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A signature of a type, method or variable as JShell writes it: "org.apd4j.apd.Apd",
 * "DecompositionRun<ApdConfig> Apd.decompose(TargetRun target, ApdConfig config)", "LiveFigure()", "run:DecompositionRun<ApdConfig>".
 *
 * @param type       the name of the type, without its package
 * @param method     the name of the method; empty for a type
 * @param parameters the names of the method's parameters
 */
record Signature(String type, Optional<String> method, List<String> parameters) {

    /** Parses a signature. */
    static Signature of(String text) {
        String plain = text;
        for (String before = ""; !before.equals(plain);) {
            before = plain;
            plain = plain.replaceAll("<[^<>]*>", "");
        }
        int bracket = plain.indexOf('(');
        String head = bracket < 0 ? plain : plain.substring(0, bracket);
        String last = head.strip().replaceFirst(".*[\\s:]", "").replaceFirst("^(?:[a-z0-9_]+\\.)+(?=[A-Z])", "");
        if (bracket < 0) {
            return new Signature(last, Optional.empty(), List.of());
        }
        String inside = plain.substring(bracket + 1, Math.max(bracket + 1, plain.lastIndexOf(')'))).strip();
        List<String> parameters = inside.isEmpty() ? List.of()
                : Arrays.stream(inside.split(",")).map(parameter -> parameter.strip().replaceFirst(".*\\s", "")).toList();
        int dot = last.lastIndexOf('.');
        return dot < 0 || Character.isUpperCase(last.charAt(dot + 1))
                ? new Signature(last, Optional.of(last.substring(dot + 1)), parameters) // a constructor
                : new Signature(last.substring(0, dot), Optional.of(last.substring(dot + 1)), parameters);
    }

    /** Returns the documentation of the library that belongs to this signature. */
    List<Entry> find(Map<String, Class<?>> types) {
        @Nullable Class<?> owner = types.get(type);
        if (owner == null) {
            return List.of();
        }
        if (method.isEmpty()) {
            return SourceDocs.of(owner).stream().limit(1).toList();
        }
        List<Entry> named = Help.methods(owner, method.get());
        List<Entry> exact = named.stream().filter(entry -> entry.parameters().equals(parameters)).toList();
        return exact.isEmpty() && named.stream().noneMatch(entry -> entry.parameters().size() == parameters.size()) ? List.of()
                : exact.isEmpty() ? named.stream().filter(entry -> entry.parameters().size() == parameters.size()).toList() : exact;
    }
}
