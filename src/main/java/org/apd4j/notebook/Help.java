package org.apd4j.notebook;

import com.sun.source.doctree.DocTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apd4j.notebook.internal.JavadocHtml;
import org.apd4j.notebook.internal.SourceDocs;
import org.apd4j.notebook.internal.SourceDocs.Entry;
import org.apd4j.notebook.internal.SourceDocs.Kind;
import org.apd4j.tables.internal.Html;
import org.jspecify.annotations.Nullable;

/**
 * The documentation of a type or method of the library, for {@code help(X)} in a cell. A notebook displays it as HTML; {@link #toString} returns
 * text.
 *
 * <pre>{@code
 * Help.of(Apd.class);
 * Help.of("Apd.decompose");
 * Help.of(run)
 * }</pre>
 */
public final class Help {

    private static final String BOX = "max-width:860px;padding:2px 0;font-family:var(--jp-ui-font-family, sans-serif);font-size:13px;line-height:1.5;"
            + "color:var(--jp-ui-font-color1, inherit)";
    private static final String SIGNATURE = "<div style=\"margin-top:6px\"><code style=\"background:none;color:inherit;padding:0;font-weight:bold;"
            + "white-space:pre-wrap\">";
    private static final String FAINT = "<div style=\"color:var(--jp-ui-font-color2, inherit);margin-top:6px\">";
    private static final int MOST_SUGGESTIONS = 8;

    private final String html;

    private Help(String html) {
        this.html = "<div style=\"" + BOX + "\">" + html + "</div>";
    }

    /**
     * Returns the documentation of a type or method, or a message if the library has none of that name.
     *
     * @param about a type ({@code Apd.class}), the name of a type or method ({@code "Apd"}, {@code "Apd.decompose"}), or any other object, which
     *              stands for its type
     */
    public static Help of(Object about) {
        if (about instanceof Class<?> type) {
            return ofType(type);
        }
        if (about instanceof String name) {
            return ofName(name.strip().replace('#', '.').replaceFirst("\\(.*", ""));
        }
        return ofType(Objects.requireNonNull(about, "about").getClass());
    }

    /** Returns the documentation of signatures found by JShell. Those that are not in the library are shown without documentation. */
    static Help ofSignatures(List<String> signatures) {
        Set<String> parts = new LinkedHashSet<>(); // without parameter names, a signature matches all methods with the same number of parameters
        for (String signature : signatures) {
            List<Entry> found = Signature.of(signature).find(types());
            if (found.isEmpty()) {
                parts.add(SIGNATURE + Html.escape(signature) + "</code></div>");
            } else {
                found.forEach(entry -> parts.add(entry.isType() ? typeHtml(entry.type()) : methodHtml(entry)));
            }
        }
        return new Help(String.join("", parts));
    }

    private static Help ofType(Class<?> type) {
        @Nullable Class<?> own = type;
        while (own != null && SourceDocs.of(own).isEmpty()) {
            own = own.getSuperclass(); // an anonymous or generated class stands for its superclass
        }
        if (own == null) {
            return new Help(Html.escape(type.getName() + " is not a type of this library; help covers only types in "
                    + Help.class.getPackageName().replaceFirst("\\.notebook$", "") + "."));
        }
        return new Help(typeHtml(own));
    }

    private static Help ofName(String name) {
        Map<String, Class<?>> types = types();
        String simple = name.replaceFirst("^(?:[a-z0-9]+\\.)+(?=[A-Z])", "");
        @Nullable Class<?> named = types.get(simple);
        if (named != null) {
            return ofType(named);
        }
        int dot = simple.lastIndexOf('.');
        @Nullable Class<?> owner = types.get(simple.substring(0, Math.max(0, dot)));
        if (owner != null) {
            List<Entry> methods = methods(owner, simple.substring(dot + 1));
            if (!methods.isEmpty()) {
                return new Help(methods.stream().map(Help::methodHtml).collect(Collectors.joining()));
            }
        }
        String wanted = simple.substring(dot + 1).toLowerCase(Locale.ROOT);
        Set<String> similar = new LinkedHashSet<>();
        if (owner != null) {
            SourceDocs.of(owner).stream().filter(entry -> entry.isPublic() && !entry.isType())
                    .forEach(entry -> similar.add(owner.getSimpleName() + "." + entry.name()));
        } else {
            types.keySet().stream().filter(type -> type.toLowerCase(Locale.ROOT).contains(wanted)).forEach(similar::add);
        }
        return new Help(Html.escape("The library has nothing named '" + name + "'." + (similar.isEmpty() ? "" : " Similar names: "
                + similar.stream().limit(MOST_SUGGESTIONS).collect(Collectors.joining(", ")) + (similar.size() > MOST_SUGGESTIONS ? ", …" : "."))));
    }

    /** Returns the public methods or the constant of a type with the given name, or the inherited ones if the type documents none itself. */
    static List<Entry> methods(@Nullable Class<?> type, String name) {
        if (type == null) {
            return List.of();
        }
        List<Entry> own = SourceDocs.of(type).stream()
                .filter(entry -> !entry.isType() && entry.isPublic() && entry.name().equals(name)).toList();
        if (own.stream().anyMatch(entry -> entry.comment().isPresent())) {
            return own.stream().filter(entry -> entry.comment().isPresent()).toList();
        }
        return Stream.concat(Stream.of(type.getInterfaces()), Stream.ofNullable(type.getSuperclass()))
                .map(above -> methods(above, name)).filter(found -> !found.isEmpty()).findFirst().orElse(own);
    }

    private static String typeHtml(Class<?> type) {
        List<Entry> entries = SourceDocs.of(type);
        var html = new StringBuilder(entryHtml(entries.get(0), type.getPackageName()));
        html.append(members(entries, Kind.CONSTANT, "Values")).append(members(entries, Kind.METHOD, "Methods"));
        if (type.getSuperclass() != null && types().containsValue(type.getSuperclass())) {
            html.append(FAINT).append("And the methods of ").append(type.getSuperclass().getSimpleName()).append("</div>");
        }
        return html.toString();
    }

    private static String members(List<Entry> entries, Kind kind, String heading) {
        var html = new StringBuilder();
        for (Entry member : entries) {
            if (member.kind() == kind && member.isPublic() && member.comment().isPresent()) {
                List<? extends DocTree> sentence = member.comment().get().getFirstSentence();
                html.append(html.length() == 0 ? FAINT + heading + "</div>" : "")
                        .append("<div style=\"margin-left:12px\"><code style=\"background:none;color:inherit;padding:0\">")
                        .append(Html.escape(member.signature())).append("</code>");
                if (!sentence.isEmpty()) {
                    html.append("<br><span style=\"margin-left:16px\">").append(JavadocHtml.of(member.type(), sentence)).append("</span>");
                }
                html.append("</div>");
            }
        }
        return html.toString();
    }

    private static String methodHtml(Entry entry) {
        return entryHtml(entry, entry.type().getName().replaceFirst(".*\\.", "").replace('$', '.'));
    }

    private static String entryHtml(Entry entry, String where) {
        var html = new StringBuilder(SIGNATURE).append(Html.escape(entry.signature()))
                .append("</code> <span style=\"color:var(--jp-ui-font-color2, inherit)\">").append(Html.escape(where)).append("</span></div>");
        entry.comment().ifPresent(comment -> html.append("<div>").append(JavadocHtml.of(entry.type(), comment.getFullBody())).append("</div>")
                .append(JavadocHtml.tags(entry.type(), comment.getBlockTags())));
        return html.toString();
    }

    /** Returns the library's public types by the names that cells use, such as "Apd" or "Scrubbing.Kind". */
    static Map<String, Class<?>> types() {
        return Types.ALL;
    }

    /** Holds the types, which are found when help is first asked for. */
    private static final class Types {
        private static final Map<String, Class<?>> ALL = find();

        private static Map<String, Class<?>> find() {
            Map<String, Class<?>> types = new TreeMap<>();
            for (String file : files()) {
                try {
                    add(Class.forName(file.replaceFirst("\\.java$", "").replace('/', '.'), false, Help.class.getClassLoader()), types);
                } catch (ClassNotFoundException | LinkageError e) {
                    // package-info, or a class that this version of Java cannot load
                }
            }
            return types;
        }

        private static void add(Class<?> type, Map<String, Class<?>> types) {
            if (Modifier.isPublic(type.getModifiers())) {
                types.put(type.getName().substring(type.getPackageName().length() + 1).replace('$', '.'), type);
                Arrays.stream(type.getDeclaredClasses()).forEach(inner -> add(inner, types));
            }
        }

        private static List<String> files() {
            @Nullable URL folder = Help.class.getClassLoader().getResource(SourceDocs.FOLDER);
            if (folder == null) {
                return List.of();
            }
            try {
                if (!folder.getProtocol().equals("jar")) {
                    return files(Path.of(folder.toURI()));
                }
                try (FileSystem jar = FileSystems.newFileSystem(folder.toURI(), Map.of())) {
                    return files(jar.getPath(SourceDocs.FOLDER));
                }
            } catch (IOException | URISyntaxException | UncheckedIOException e) {
                return List.of();
            }
        }

        private static List<String> files(Path folder) throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                return new ArrayList<>(files.map(file -> folder.relativize(file).toString().replace('\\', '/'))
                        .filter(file -> file.endsWith(".java")).toList());
            }
        }
    }

    /** Returns the documentation as HTML, in the colours of JupyterLab's theme. */
    public String html() {
        return html;
    }

    /** Returns the documentation as text. */
    @Override
    public String toString() {
        return html.replaceAll("<br>|</tr>|</div>|</pre>|</li>", "\n").replaceAll("<p>|<pre[^>]*>", "\n")
                .replaceAll("<li>", "- ").replaceAll("</td>", "  ").replaceAll("<[^>]+>", "")
                .replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
                .replaceAll("[ \\t]+\\n", "\n").replaceAll("\\n{3,}", "\n\n").strip();
    }
}
