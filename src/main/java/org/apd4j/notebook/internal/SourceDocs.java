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
import org.jspecify.annotations.Nullable;

/** The documentation of the library's types, read from the sources that are packaged with the classes. */
public final class SourceDocs {

    /** The folder to which the build copies the sources. */
    public static final String FOLDER = "apd4j-sources/";

    /** The kinds of documented elements. */
    public enum Kind { TYPE, CONSTANT, METHOD }

    /**
     * A documented element: a type, or a constant, method or constructor of a type.
     *
     * @param kind       the kind of element; constructors count as methods
     * @param type       the type, or the type that declares the element
     * @param name       the name of the element
     * @param signature  the declaration, without a body
     * @param parameters the names of a method's parameters
     * @param isPublic   whether the element is public
     * @param comment    the documentation comment, if there is one
     */
    public record Entry(Kind kind, Class<?> type, String name, String signature, List<String> parameters, boolean isPublic,
                        Optional<DocCommentTree> comment) {

        /** Returns whether the element is a type. */
        public boolean isType() {
            return kind == Kind.TYPE;
        }
    }

    private SourceDocs() {
    }

    /** Returns a type and all that it declares, the type first, or an empty list if it is not a type of the library. */
    public static List<Entry> of(Class<?> type) {
        Class<?> outermost = outermost(type);
        Optional<String> source = source(outermost);
        if (source.isEmpty()) {
            return List.of();
        }
        List<Entry> all = parse(outermost, source.get());
        return all.stream().filter(entry -> entry.type() == type).toList();
    }

    private static Class<?> outermost(Class<?> type) {
        @Nullable Class<?> outer = type.getEnclosingClass();
        return outer == null ? type : outermost(outer);
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
            return List.of(); // cannot happen in a notebook, which needs a compiler
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
        /** The type whose members are being visited; null outside of any. */
        private @Nullable Class<?> current;

        Collector(DocTrees trees, Class<?> outermost, List<Entry> entries) {
            this.trees = trees;
            this.outermost = outermost;
            this.entries = entries;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            @Nullable Class<?> outer = current;
            current = outer == null ? outermost : inner(outer, tree.getSimpleName().toString());
            if (current != null) {
                entries.add(new Entry(Kind.TYPE, current, current.getSimpleName(), declaration(tree), List.of(),
                        java.lang.reflect.Modifier.isPublic(current.getModifiers()), comment()));
                super.visitClass(tree, nothing);
            }
            current = outer;
            return null;
        }

        private Optional<DocCommentTree> comment() {
            return Optional.ofNullable(trees.getDocCommentTree(getCurrentPath()));
        }

        private static @Nullable Class<?> inner(Class<?> outer, String name) {
            for (Class<?> inner : outer.getDeclaredClasses()) {
                if (inner.getSimpleName().equals(name)) {
                    return inner;
                }
            }
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
            @Nullable Class<?> current = this.current;
            if (current == null) {
                return null;
            }
            boolean isConstructor = tree.getName().contentEquals("<init>");
            if (isConstructor && current.isRecord() && tree.getParameters().isEmpty()) {
                return null; // a compact constructor, whose documentation adds nothing to that of the record
            }
            String name = isConstructor ? current.getSimpleName() : tree.getName().toString();
            String parameters = tree.getParameters().stream().map(p -> p.getType() + " " + p.getName()).collect(Collectors.joining(", "));
            String result = isConstructor ? "" : tree.getReturnType() + " ";
            String generics = tree.getTypeParameters().isEmpty() ? "" : "<" + join(tree.getTypeParameters()) + "> ";
            boolean isStatic = tree.getModifiers().getFlags().contains(Modifier.STATIC);
            boolean isPublic = current.isInterface() || tree.getModifiers().getFlags().contains(Modifier.PUBLIC);
            entries.add(new Entry(Kind.METHOD, current, name, (isStatic ? "static " : "") + generics + result + name + "(" + parameters + ")",
                    tree.getParameters().stream().map(VariableTree::getName).map(Object::toString).toList(), isPublic, comment()));
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
            @Nullable Class<?> current = this.current;
            if (current == null) {
                return null;
            }
            String name = tree.getName().toString();
            try {
                java.lang.reflect.Field field = current.getDeclaredField(name);
                int modifiers = field.getModifiers();
                if (java.lang.reflect.Modifier.isPublic(modifiers) && java.lang.reflect.Modifier.isStatic(modifiers)) {
                    entries.add(new Entry(Kind.CONSTANT, current, name, field.isEnumConstant() ? name : "static " + tree.getType() + " " + name,
                            List.of(), true, comment()));
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
