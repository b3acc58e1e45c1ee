package org.apd4j.notebook.internal;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The documentation of the library's types, read from the sources that come with the classes. */
public final class SourceDocs {

    /** Where the build puts the sources. */
    public static final String FOLDER = "apd4j-sources/";

    /** What can be documented. */
    public enum Kind { TYPE, CONSTANT, METHOD }

    /**
     * What is documented: a type, or a constant, method or constructor of one.
     *
     * @param kind       what it is
     * @param type       the type, or the one that has it
     * @param name       of the type, the constant, the method or the constructor
     * @param signature  as it is declared, without a body
     * @param parameters names of a method's parameters
     * @param isPublic   whether everyone may use it
     * @param comment    its documentation; null if it has none
     */
    public record Entry(Kind kind, Class<?> type, String name, String signature, List<String> parameters, boolean isPublic, DocCommentTree comment) {

        public boolean isType() {
            return kind == Kind.TYPE;
        }
    }

    private SourceDocs() {
    }

    /** All that a type declares, itself first; empty if it is none of the library's. */
    public static List<Entry> of(Class<?> type) {
        Class<?> outermost = type;
        while (outermost.getEnclosingClass() != null) {
            outermost = outermost.getEnclosingClass();
        }
        Optional<String> source = source(outermost);
        if (source.isEmpty()) {
            return List.of();
        }
        List<Entry> all = parse(outermost, source.get());
        return all.stream().filter(entry -> entry.type() == type).toList();
    }

    private static Optional<String> source(Class<?> type) {
        String name = FOLDER + type.getName().replace('.', '/') + ".java";
        try (InputStream in = SourceDocs.class.getClassLoader().getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Entry> parse(Class<?> outermost, String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            return List.of(); // a Java without a compiler runs no notebook
        }
        var file = new SimpleJavaFileObject(URI.create("string:///" + outermost.getSimpleName() + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        var task = (JavacTask) compiler.getTask(null, null, diagnostic -> { }, List.of("-proc:none"), null, List.of(file));
        DocTrees trees = DocTrees.instance(task);
        List<Entry> entries = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                new Collector(trees, outermost, entries).scan(unit, null);
            }
        } catch (IOException e) {
            return List.of();
        }
        return entries;
    }

    private static final class Collector extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final Class<?> outermost;
        private final List<Entry> entries;
        private Class<?> current;

        Collector(DocTrees trees, Class<?> outermost, List<Entry> entries) {
            this.trees = trees;
            this.outermost = outermost;
            this.entries = entries;
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            Class<?> outer = current;
            current = outer == null ? outermost : inner(outer, tree.getSimpleName().toString());
            if (current != null) {
                entries.add(new Entry(Kind.TYPE, current, current.getSimpleName(), declaration(tree), List.of(),
                        java.lang.reflect.Modifier.isPublic(current.getModifiers()), trees.getDocCommentTree(getCurrentPath())));
                super.visitClass(tree, nothing);
            }
            current = outer;
            return null;
        }

        private static Class<?> inner(Class<?> outer, String name) {
            for (Class<?> inner : outer.getDeclaredClasses()) {
                if (inner.getSimpleName().equals(name)) {
                    return inner;
                }
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            boolean isConstructor = tree.getName().contentEquals("<init>");
            if (isConstructor && current.isRecord() && tree.getParameters().isEmpty()) {
                return null; // the short form, which says no more than the record
            }
            String name = isConstructor ? current.getSimpleName() : tree.getName().toString();
            String parameters = tree.getParameters().stream().map(p -> p.getType() + " " + p.getName()).collect(Collectors.joining(", "));
            String result = isConstructor ? "" : tree.getReturnType() + " ";
            String generics = tree.getTypeParameters().isEmpty() ? "" : "<" + join(tree.getTypeParameters()) + "> ";
            boolean isStatic = tree.getModifiers().getFlags().contains(Modifier.STATIC);
            boolean isPublic = current.isInterface() || tree.getModifiers().getFlags().contains(Modifier.PUBLIC);
            entries.add(new Entry(Kind.METHOD, current, name, (isStatic ? "static " : "") + generics + result + name + "(" + parameters + ")",
                    tree.getParameters().stream().map(VariableTree::getName).map(Object::toString).toList(), isPublic,
                    trees.getDocCommentTree(getCurrentPath())));
            return null;
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            String name = tree.getName().toString();
            try {
                java.lang.reflect.Field field = current.getDeclaredField(name);
                int modifiers = field.getModifiers();
                if (java.lang.reflect.Modifier.isPublic(modifiers) && java.lang.reflect.Modifier.isStatic(modifiers)) {
                    entries.add(new Entry(Kind.CONSTANT, current, name, field.isEnumConstant() ? name : "static " + tree.getType() + " " + name,
                            List.of(), true, trees.getDocCommentTree(getCurrentPath())));
                }
            } catch (NoSuchFieldException e) {
                // a variable within a method
            }
            return null;
        }

        private String declaration(ClassTree tree) {
            String kind = switch (tree.getKind()) {
                case RECORD -> "record ";
                case INTERFACE -> "interface ";
                case ENUM -> "enum ";
                default -> "class ";
            };
            String generics = tree.getTypeParameters().isEmpty() ? "" : "<" + join(tree.getTypeParameters()) + ">";
            String components = tree.getKind() != Tree.Kind.RECORD ? "" : tree.getMembers().stream()
                    .filter(VariableTree.class::isInstance).map(VariableTree.class::cast)
                    .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .map(field -> field.getType() + " " + field.getName()).collect(Collectors.joining(", ", "(", ")"));
            return kind + tree.getSimpleName() + generics + components;
        }

        private static String join(List<? extends Tree> trees) {
            return trees.stream().map(Object::toString).collect(Collectors.joining(", "));
        }
    }
}
