package org.apd4j.notebook.internal;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.util.SimpleDocTreeVisitor;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apd4j.tables.internal.Html;
import org.jspecify.annotations.Nullable;

/** A converter of documentation comments to HTML. */
public final class JavadocHtml extends SimpleDocTreeVisitor<Void, StringBuilder> {

    private static final Set<String> TAGS = Set.of("p", "pre", "em", "b", "i", "strong", "code", "ul", "ol", "li", "sub", "sup", "br", "table", "tr",
            "td", "th", "thead", "tbody", "caption");
    private static final String CODE = "<code style=\"background:none;color:inherit;padding:0\">";
    private static final String PRE = "<pre style=\"margin:4px 0 8px 0;padding:6px 10px;border-left:3px solid var(--jp-border-color1, #bdbdbd);"
            + "background:none;color:inherit\">";

    /** The type whose comment is converted; {@code @value} tags refer to its constants. */
    private final Class<?> type;
    private int pre;

    private JavadocHtml(Class<?> type) {
        this.type = type;
    }

    /** Returns parts of a comment of a type as HTML. */
    public static String of(Class<?> type, List<? extends DocTree> trees) {
        var html = new StringBuilder();
        new JavadocHtml(type).visit(trees, html);
        return html.toString().strip();
    }

    /** Returns the block tags of a comment as a table of parameters, result and exceptions; empty if there are none. */
    public static String tags(Class<?> type, List<? extends DocTree> tags) {
        var html = new StringBuilder();
        for (DocTree tag : tags) {
            if (tag instanceof ParamTree param) {
                row(html, CODE + Html.escape((param.isTypeParameter() ? "<" + param.getName() + ">" : param.getName().toString())) + "</code>",
                        of(type, param.getDescription()));
            } else if (tag instanceof ReturnTree result) {
                row(html, "returns", of(type, result.getDescription()));
            } else if (tag instanceof ThrowsTree exception) {
                row(html, "throws " + CODE + Html.escape(exception.getExceptionName().toString()) + "</code>",
                        of(type, exception.getDescription()));
            }
        }
        return html.length() == 0 ? "" : "<table style=\"margin:4px 0;border-collapse:collapse;color:inherit;font-size:13px\"><tbody>" + html + "</tbody></table>";
    }

    private static void row(StringBuilder html, String name, String text) {
        html.append("<tr style=\"background:none\"><td style=\"text-align:left;vertical-align:top;white-space:nowrap;padding:1px 12px 1px 0;border:none\">")
                .append(name).append("</td><td style=\"text-align:left;padding:1px 0;border:none\">").append(text).append("</td></tr>");
    }

    @Override
    protected @Nullable Void defaultAction(DocTree tree, StringBuilder html) {
        html.append(Html.escape(tree.toString()));
        return null;
    }

    @Override
    public @Nullable Void visitText(TextTree tree, StringBuilder html) {
        html.append(Html.escape(pre > 0 ? tree.getBody() : tree.getBody().replaceAll("\\s*\\n\\s*", " ")));
        return null;
    }

    @Override
    public @Nullable Void visitLiteral(LiteralTree tree, StringBuilder html) {
        String text = Html.escape(tree.getBody().getBody());
        if (tree.getKind() == DocTree.Kind.LITERAL) {
            html.append(text);
        } else {
            html.append(pre > 0 ? text.replaceFirst("^\\s*\\n", "").stripTrailing().stripIndent() : CODE + text + "</code>");
        }
        return null;
    }

    @Override
    public @Nullable Void visitLink(LinkTree tree, StringBuilder html) {
        boolean plain = tree.getKind() == DocTree.Kind.LINK_PLAIN;
        html.append(plain ? "" : CODE);
        if (tree.getLabel().isEmpty()) {
            html.append(Html.escape(tree.getReference().getSignature().replaceFirst("^#", "").replace('#', '.')));
        } else {
            visit(tree.getLabel(), html);
        }
        html.append(plain ? "" : "</code>");
        return null;
    }

    @Override
    public @Nullable Void visitValue(ValueTree tree, StringBuilder html) {
        String name = tree.getReference() == null ? "" : tree.getReference().getSignature();
        html.append(CODE).append(Html.escape(constant(name))).append("</code>");
        return null;
    }

    /** Returns the value of a constant of the type or of another one in its package, or its name if it cannot be read. */
    private String constant(String reference) {
        String owner = reference.substring(0, Math.max(0, reference.indexOf('#')));
        String name = reference.substring(reference.indexOf('#') + 1);
        try {
            Class<?> of = owner.isEmpty() ? type : Class.forName(type.getPackageName() + "." + owner);
            Field field = of.getDeclaredField(name);
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return name;
        }
    }

    @Override
    public @Nullable Void visitEntity(EntityTree tree, StringBuilder html) {
        html.append('&').append(tree.getName()).append(';');
        return null;
    }

    @Override
    public @Nullable Void visitStartElement(StartElementTree tree, StringBuilder html) {
        String name = tree.getName().toString().toLowerCase(Locale.ROOT);
        if (name.equals("pre")) {
            pre++;
            html.append(PRE);
        } else if (TAGS.contains(name)) {
            html.append('<').append(name).append('>');
        }
        return null;
    }

    @Override
    public @Nullable Void visitEndElement(EndElementTree tree, StringBuilder html) {
        String name = tree.getName().toString().toLowerCase(Locale.ROOT);
        if (name.equals("pre")) {
            pre--;
        }
        if (TAGS.contains(name)) {
            html.append("</").append(name).append('>');
        }
        return null;
    }
}
