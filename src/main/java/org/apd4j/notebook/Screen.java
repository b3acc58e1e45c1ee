package org.apd4j.notebook;

/** Where a progress display appears: the notebook's, or a test's. */
interface Screen {

    /** Shows something new under this identity. */
    void show(String id, String html, String text);

    /** Puts something else in its place. */
    void update(String id, String html, String text);
}
