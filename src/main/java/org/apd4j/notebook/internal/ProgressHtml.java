package org.apd4j.notebook.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apd4j.tables.internal.Html;
import org.apd4j.training.LossHistory;
import org.apd4j.training.Phase;
import org.apd4j.training.Progress;
import org.apd4j.training.TextProgress;
import org.jspecify.annotations.Nullable;

/** The display of progress in a notebook: HTML in the colours of JupyterLab's theme, without scripts or style sheets. */
final class ProgressHtml {

    private static final String BOX = "max-width:680px;padding:4px 0;font-family:var(--jp-ui-font-family, sans-serif);"
            + "font-size:13px;line-height:1.5;color:var(--jp-ui-font-color1, inherit)";
    private static final String FAINT = "color:var(--jp-ui-font-color2, inherit)";
    private static final String CELL = "text-align:left;padding:1px 12px 1px 0;border:none;background:none;white-space:nowrap";
    private static final String NUMBER = CELL + ";text-align:right;font-variant-numeric:tabular-nums";

    /**
     * The style of the least important column. In a narrow window its text is truncated; if there is no room for a word, it wraps to a second line,
     * which is hidden. The tool tip shows the whole text.
     */
    private static final String LEAST = CELL + ";width:40%;max-width:0;padding-right:0";
    private static final String ONE_LINE = "display:flex;flex-wrap:wrap;height:1.25em;line-height:1.25;overflow:hidden";
    private static final String CUT_SHORT = "flex:1 1 6em;min-width:0;overflow:hidden;text-overflow:ellipsis";

    private static final String DONE = "var(--jp-success-color1, #388e3c)";
    private static final String STOPPED = "var(--jp-warn-color1, #f57c00)";

    /** The time before the remaining time is estimated; the first steps are slower than the others. */
    private static final double SECONDS_BEFORE_A_GUESS = 2;

    private ProgressHtml() {
    }

    /** Returns the display of one run: bar, numbers, losses and their chart. */
    static String one(Progress progress) {
        boolean ended = ProgressBoard.ended(progress);
        var html = new StringBuilder("<div style=\"" + BOX + "\">")
                .append("<div><b>").append(Html.escape(progress.run())).append("</b> · ").append(state(progress)).append("</div>");
        if (progress.phase() != Phase.FINISHED && progress.phase() != Phase.SHOWN) {
            html.append(bar(progress, "100%"));
        }
        if (progress.phase() == Phase.RUNNING) {
            html.append("<div style=\"" + FAINT + "\">").append(speed(progress)).append("</div>");
        }
        if (!progress.notice().isEmpty()) {
            html.append("<div style=\"color:" + STOPPED + "\">").append(Html.escape(progress.notice())).append("</div>");
        }
        if (progress.history().size() > 0) {
            var history = progress.history();
            html.append("<div style=\"display:flex;flex-wrap:wrap;align-items:flex-start;gap:4px 16px\"><div style=\"flex:none;max-width:100%\">")
                    .append(losses(history)).append("</div><div style=\"flex:0 1 auto;min-width:0\">")
                    .append(ended ? LossSketch.image(progress) : LossSketch.inline(progress)).append("</div></div>");
        }
        return html.append("</div>").toString();
    }

    /** Returns the display of several runs: a line for each, below a summary, which alone remains when all are finished. */
    static String several(String title, String standing, List<String> runs, Map<String, Progress> reports) {
        var html = new StringBuilder("<div style=\"" + BOX + "\">")
                .append("<div><b>").append(Html.escape(title)).append("</b> · ").append(Html.escape(standing)).append("</div>");
        if (reports.size() == runs.size() && reports.values().stream().allMatch(report -> report.phase() == Phase.FINISHED)) {
            return html.append("</div>").toString();
        }
        html.append("<table style=\"width:100%;table-layout:auto;margin:2px 0;border-collapse:collapse;color:inherit\"><tbody>");
        for (String run : runs) {
            @Nullable Progress progress = reports.get(run);
            String last = progress == null ? "" : last(progress);
            html.append("<tr style=\"background:none\"><td style=\"" + CELL + "\">").append(Html.escape(run)).append("</td><td style=\""
                    + CELL + ";width:25%;min-width:40px\">").append(progress == null ? emptyBar(run) : bar(progress, "100%"))
                    .append("</td><td style=\"" + NUMBER + "\">").append(progress == null ? "waits" : TextProgress.percent(progress) + " %")
                    .append("</td><td style=\"" + NUMBER + "\">").append(progress == null ? "" : time(progress))
                    .append("</td><td style=\"" + LEAST + "\" title=\"").append(Html.escape(last)).append("\"><div style=\"" + ONE_LINE
                            + "\"><div style=\"width:1px;height:1.25em\"></div><div style=\"" + CUT_SHORT + "\">").append(Html.escape(last))
                    .append("</div></div></td></tr>");
        }
        return html.append("</tbody></table></div>").toString();
    }

    private static String time(Progress progress) {
        if (ProgressBoard.ended(progress)) {
            return TextProgress.duration(progress.seconds());
        }
        return Double.isFinite(progress.secondsRemaining()) ? TextProgress.duration(progress.secondsRemaining()) + " left" : "";
    }

    private static String last(Progress progress) {
        if (!progress.notice().isEmpty()) {
            return progress.notice();
        }
        return progress.phase() == Phase.PREPARING ? "first: " + progress.run() : lastLoss(progress.history());
    }

    /** Returns the sum of the completed fractions of all runs. */
    static double done(Map<String, Progress> reports) {
        return reports.values().stream().mapToDouble(ProgressHtml::done).sum();
    }

    /** Returns the completed fraction of the run of a report, in [0, 1]. */
    static double done(Progress progress) {
        return progress.phase() == Phase.PREPARING || progress.steps() <= 0 ? 0 : Math.min(1, progress.step() / (double) progress.steps());
    }

    /**
     * Returns the state of several runs as text.
     *
     * @param runs        the number of runs
     * @param reports     the last report of each run that has begun
     * @param elapsed     the time since the start in seconds
     * @param doneAtStart the fraction of all steps that had been done before, in [0, 1]
     */
    static String standing(int runs, Map<String, Progress> reports, double elapsed, double doneAtStart) {
        var text = new StringBuilder();
        text.append(reports.values().stream().filter(p -> p.phase() == Phase.FINISHED || p.phase() == Phase.SHOWN && p.step() == p.steps()).count())
                .append(" of ").append(runs).append(" runs done");
        for (Phase phase : List.of(Phase.SHOWN, Phase.STOPPED, Phase.FAILED)) {
            long many = reports.values().stream().filter(p -> p.phase() == phase).count();
            text.append(many == 0 ? "" : ", " + many + " " + phase.name().toLowerCase(Locale.ROOT));
        }
        double done = done(reports) / runs;
        boolean running = reports.values().stream().anyMatch(p -> !ProgressBoard.ended(p));
        if (running) {
            text.append(String.format(Locale.ROOT, " (%d %%), ", (int) (100 * done))).append(TextProgress.duration(elapsed)).append(" elapsed");
            if (elapsed >= SECONDS_BEFORE_A_GUESS && done > doneAtStart) {
                text.append(", about ").append(TextProgress.duration(elapsed * (1 - done) / (done - doneAtStart))).append(" left");
            }
        } else if (!reports.isEmpty()) {
            text.append(" in ").append(TextProgress.duration(elapsed));
            if (reports.values().stream().anyMatch(p -> p.phase() == Phase.STOPPED)) {
                text.append("; train() continues from there");
            }
        }
        return text.toString();
    }

    private static String state(Progress progress) {
        String steps = grouped(progress.step()) + " of " + grouped(progress.steps()) + " " + Html.escape(progress.unit());
        boolean training = progress.unit().equals(Progress.STEPS);
        String goal = progress.isPartOfRun() ? ", to step " + grouped(progress.goal()) : "";
        return switch (progress.phase()) {
            case STARTED -> !training ? steps
                    : (progress.step() == 0 ? "starting, " + grouped(progress.steps()) + " steps" : "continuing at " + steps) + goal;
            case PREPARING, RUNNING -> steps + " (" + TextProgress.percent(progress) + " %)" + goal;
            case STOPPED -> progress.hasReachedGoal()
                    ? steps + ", as requested, after " + TextProgress.duration(progress.seconds()) + "; <code>train()</code> continues from there"
                    : "stopped at " + steps + " after " + TextProgress.duration(progress.seconds())
                    + "; <code>train()</code> continues from there";
            case CANCELLED -> "stopped at " + steps + " after " + TextProgress.duration(progress.seconds())
                    + "; the next call starts from the beginning";
            case FINISHED -> grouped(progress.steps()) + " " + Html.escape(progress.unit()) + " in " + TextProgress.duration(progress.seconds())
                    + (progress.seconds() > 0 ? " (" + meanSpeed(progress) + ")" : "");
            case SHOWN -> steps + ", not trained here: the committed result is shown, which was trained in "
                    + TextProgress.duration(progress.seconds());
            case FAILED -> "<span style=\"color:var(--jp-error-color1, #d32f2f)\">failed</span> at " + steps;
        };
    }

    private static String meanSpeed(Progress progress) {
        return Html.escape(TextProgress.speed(progress.steps() / progress.seconds(), progress.unit()));
    }

    private static String speed(Progress progress) {
        String speed = progress.stepsPerSecond() > 0 ? Html.escape(TextProgress.speed(progress)) + " · " : "";
        String left = Double.isFinite(progress.secondsRemaining())
                ? " · " + TextProgress.duration(progress.secondsRemaining()) + " left" : "";
        return speed + TextProgress.duration(progress.seconds()) + " elapsed" + left;
    }

    private static String bar(Progress progress, String width) {
        double done = progress.steps() <= 0 ? 100 : Math.min(100, 100.0 * progress.step() / progress.steps());
        String color = switch (progress.phase()) {
            case FAILED -> "var(--jp-error-color1, #d32f2f)";
            case STOPPED -> progress.hasReachedGoal() ? DONE : STOPPED;
            case CANCELLED -> STOPPED;
            case FINISHED, SHOWN -> DONE;
            default -> "var(--jp-brand-color1, #1976d2)";
        };
        return bar(progress.run(), progress.steps(), progress.step(), width, done, color);
    }

    private static String emptyBar(String run) {
        return bar(run, 100, 0, "100%", 0, "none");
    }

    private static String bar(String run, int steps, int step, String width, double done, String color) {
        return String.format(Locale.ROOT, "<div role=\"progressbar\" aria-label=\"%s\" aria-valuemin=\"0\" aria-valuemax=\"%d\" "
                        + "aria-valuenow=\"%d\" style=\"width:%s;height:8px;margin:4px 0;border-radius:4px;overflow:hidden;"
                        + "background:var(--jp-layout-color3, #bdbdbd)\"><div style=\"width:%.1f%%;height:8px;background:%s\"></div></div>",
                Html.escape(run), steps, step, width, done, color);
    }

    private static String losses(LossHistory history) {
        var html = new StringBuilder("<table style=\"margin:2px 0;border-collapse:collapse;color:inherit;font-size:12px\"><thead><tr><th style=\""
                + CELL + "\">loss</th><th style=\"" + NUMBER + "\">first step</th><th style=\"" + NUMBER + "\">last step</th></tr></thead><tbody>");
        List<String> names = history.names();
        for (int i = 0; i < names.size(); i++) {
            double[] values = history.values(names.get(i));
            html.append("<tr style=\"background:none\"><td style=\"" + CELL + "\"><span style=\"color:").append(LossSketch.color(i))
                    .append("\">■</span> ").append(Html.escape(names.get(i))).append("</td><td style=\"" + NUMBER + "\">")
                    .append(values.length == 0 ? "" : TextProgress.loss(values[0])).append("</td><td style=\"" + NUMBER + "\">")
                    .append(values.length == 0 ? "" : TextProgress.loss(history.last(names.get(i)))).append("</td></tr>");
        }
        return html.append("</tbody></table>").toString();
    }

    private static String lastLoss(LossHistory history) {
        return history.size() == 0 || history.names().isEmpty() ? ""
                : history.names().get(0) + " " + TextProgress.loss(history.last(history.names().get(0)));
    }

    /** Returns a number with grouped digits, such as 20,000, in every locale. */
    private static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
