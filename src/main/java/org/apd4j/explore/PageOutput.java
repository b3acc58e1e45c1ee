package org.apd4j.explore;

import java.util.List;
import org.apd4j.charts.Figure;
import org.apd4j.explore.internal.Page;

/** What all interactive outputs have in common: a title, a still picture, and the data that their scripts show. */
abstract sealed class PageOutput implements Interactive permits Board, Explorer, GraphExplorer {

    private final String title;
    private final Figure still;
    private final Form form;
    private final Object data;

    /**
     * The form of an output.
     *
     * @param sentence says beside the still picture what runs where scripts may run
     * @param kind     the name that its script has registered
     * @param scripts  names of resources
     * @param styles   names of resources
     */
    record Form(String sentence, String kind, List<String> scripts, List<String> styles) {
    }

    PageOutput(String title, Figure still, Form form, Object data) {
        this.title = title;
        this.still = still;
        this.form = form;
        this.data = data;
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final Figure still() {
        return still;
    }

    @Override
    public final String html() {
        return Page.html(still, Page.small(still), form.sentence(), form.kind(), data, form.scripts(), form.styles());
    }

    @Override
    public final String toString() {
        return title + " (" + still.alternative() + ")";
    }
}
