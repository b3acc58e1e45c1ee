package org.apd4j.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The page of JupyterLab as users see it: menus, buttons, cells and their outputs. Its methods wait for what must appear, never for a length of time.
 */
final class JupyterLabPage {

    private static final Duration A_WHILE = Duration.ofMinutes(10);
    private static final Duration CLICK_AGAIN = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final String PROGRESS = ".jp-OutputArea-output [role=progressbar]";
    private static final String FAILURE = ".jp-OutputArea-output:is([data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr'])";
    private static final String PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden) ";

    private final Browser browser;
    private final RemoteWebDriver driver;

    private JupyterLabPage(Browser browser) {
        this.browser = browser;
        this.driver = browser.driver();
    }

    /** Opens the address that {@code lab.py} printed, without the tabs of earlier sessions. */
    static JupyterLabPage open(Browser browser, String address) {
        browser.driver().get(address + "&reset");
        var page = new JupyterLabPage(browser);
        page.await("JupyterLab's list of files", () -> page.isShown(".jp-DirListing-item"));
        page.await("the end of JupyterLab's splash screen", () -> !page.isShown("#jupyterlab-splash"));
        return page;
    }

    /** Opens a notebook from the list of files, and waits for all its cells and for its kernel. */
    void openNotebook(Path file) throws IOException {
        openNotebookOnly(file);
        awaitIdleKernel();
    }

    /** Opens a notebook and waits for its cells only, not for its kernel. */
    void openNotebookOnly(Path file) throws IOException {
        String name = file.getFileName().toString();
        List<String> sources = NotebookFile.sources(file);
        By entry = By.cssSelector(".jp-DirListing-item[title^='Name: " + name + "']");
        await(name + " in the list of files", () -> !driver.findElements(entry).isEmpty());
        By tab = By.cssSelector("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current[title*='Name: " + name + "']");
        long[] clicked = {Long.MIN_VALUE};
        await(name + "'s tab", () -> {
            if (driver.findElements(tab).isEmpty() && System.nanoTime() - CLICK_AGAIN.toNanos() > clicked[0]) {
                // again after a while, because the list may have been redrawn between the two clicks
                new Actions(driver).doubleClick(driver.findElement(entry)).perform();
                clicked[0] = System.nanoTime();
            }
            return !driver.findElements(tab).isEmpty();
        });
        // until it has read the file, JupyterLab shows one empty cell
        await(name + "'s " + sources.size() + " code cells", () -> cells().size() == sources.size() && showsSource(sources.get(0)));
    }

    private boolean showsSource(String source) {
        String line = source.lines().findFirst().orElse("").strip();
        return cells().get(0).findElement(By.cssSelector(".cm-content")).getDomProperty("textContent").contains(line);
    }

    /** Switches to the tab of an open notebook. */
    void show(Path file) throws IOException {
        String tab = "#jp-main-dock-panel .lm-TabBar-tab[title*='Name: " + file.getFileName() + "']";
        click(By.cssSelector(tab));
        List<String> sources = NotebookFile.sources(file);
        await(file + " in front", () -> !driver.findElements(By.cssSelector(tab + ".lm-mod-current")).isEmpty()
                && cells().size() == sources.size() && showsSource(sources.get(0)));
    }

    /** Chooses Run All Cells in the menu Run. */
    void runAll() {
        menu("Run", "runmenu:run-all");
    }

    /** Runs a cell with the button in the toolbar. */
    void run(int cell) {
        perform("a click on cell " + cell, () -> cells().get(cell).findElement(By.cssSelector(".jp-InputPrompt")).click());
        button("notebook:run-cell-and-select-next");
    }

    /** Presses the stop button in the toolbar. */
    void stop() {
        button("notebook:interrupt-kernel");
    }

    /** Presses the button that restarts the kernel and runs all cells, and confirms it. */
    void restartAndRunAll() {
        button("notebook:restart-run-all");
        await("the question whether to restart", () -> isShown(".jp-Dialog .jp-mod-accept"));
        click(By.cssSelector(".jp-Dialog .jp-mod-accept"));
        await("the end of the question", () -> !isShown(".jp-Dialog"));
    }

    /** Chooses a theme in the menu Settings. */
    void useTheme(String name, boolean light) {
        openMenu("Settings");
        By themes = By.xpath("//li[contains(@class,'lm-Menu-item')][@data-type='submenu'][.//div[text()='Theme']]");
        await("the themes", () -> !driver.findElements(themes).isEmpty());
        perform("a click on the themes", () -> new Actions(driver).moveToElement(driver.findElement(themes)).click().perform());
        By choice = By.xpath("//li[@data-command='apputils:change-theme'][.//div[text()='" + name + "']]");
        await("the theme " + name, () -> !driver.findElements(choice).isEmpty() && driver.findElement(choice).isDisplayed());
        click(choice);
        await("the theme's colours", () -> isShown("body[data-jp-theme-light='" + light + "']"));
        await("the end of the menu", () -> !isShown(".lm-Menu"));
    }

    /** Chooses Clear Outputs of All Cells in the menu Edit. */
    void clearOutputs() {
        menu("Edit", "editmenu:clear-all");
    }

    /** Closes the current notebook without saving and ends its kernel. */
    void closeNotebook() {
        menu("File", "filemenu:close-and-cleanup");
        await("the notebook's end, or a question about it", () -> isShown(".jp-Dialog .jp-mod-accept, .jp-Dialog .jp-mod-warn") || cells().isEmpty());
        while (isShown(".jp-Dialog")) {
            WebElement button = driver.findElements(By.cssSelector(".jp-Dialog .jp-Dialog-button")).stream()
                    .filter(one -> one.getText().matches("Discard|Ok|Shut Down.*")).findFirst().orElseThrow();
            button.click();
            await("the end of the question", () -> !isAttached(button) || !button.isDisplayed());
        }
        await("the notebook's end", () -> cells().isEmpty());
    }

    private void menu(String name, String command) {
        openMenu(name);
        By item = By.cssSelector(".lm-Menu-item[data-command='" + command + "']");
        await("the menu's " + command, () -> driver.findElements(item).stream().anyMatch(WebElement::isDisplayed));
        click(item);
        await("the end of the menu", () -> !isShown(".lm-Menu"));
    }

    private static boolean isAttached(WebElement element) {
        try {
            element.isEnabled();
            return true;
        } catch (StaleElementReferenceException e) {
            return false;
        }
    }

    private void openMenu(String name) {
        click(By.xpath("//li[contains(@class,'lm-MenuBar-item')][.//div[text()='" + name + "']]"));
        await("the menu " + name, () -> isShown(".lm-Menu-item"));
    }

    private void button(String command) {
        await("the button " + command, () -> isShown(PANEL + ".jp-Toolbar [data-command='" + command + "']"));
        click(By.cssSelector(PANEL + ".jp-Toolbar [data-command='" + command + "']"));
    }

    /** The code cells of the notebook in front. */
    List<WebElement> cells() {
        return driver.findElements(By.cssSelector(PANEL + ".jp-CodeCell"));
    }

    /** What is in all outputs of a cell. */
    String output(int cell) {
        return read(() -> cells().get(cell).findElements(By.cssSelector(".jp-OutputArea-output")).stream()
                .map(output -> output.getDomProperty("textContent")).reduce("", (all, one) -> all + one + "\n"));
    }

    /** What stands beside a cell's Out[…]. */
    String result(int cell) {
        By shown = By.cssSelector(".jp-OutputArea-executeResult .jp-OutputArea-output");
        return read(() -> cells().get(cell).findElement(shown).getDomProperty("textContent").strip());
    }

    /** Reads again what JupyterLab draws anew between the moment of finding it and that of reading it. */
    private <T> T read(Supplier<T> reading) {
        List<T> found = new ArrayList<>();
        await("something that stays while it is read", () -> found.add(reading.get()));
        return found.get(0);
    }

    /** Does again what fails because JupyterLab draws an element anew between finding it and using it; such a failure has done nothing. */
    private void perform(String what, Runnable action) {
        await(what, () -> {
            action.run();
            return true;
        });
    }

    private void click(By element) {
        perform("a click on " + element, () -> driver.findElement(element).click());
    }

    /** How many elements of a kind are in the notebook's outputs. */
    int outputs(String selector) {
        return driver.findElements(By.cssSelector(PANEL + ".jp-OutputArea-output " + selector)).size();
    }

    /** Whether a cell's output shows an element of a kind. */
    boolean isShownIn(int cell, String selector) {
        return read(() -> cells().get(cell).findElements(By.cssSelector(".jp-OutputArea-output " + selector)).stream().anyMatch(WebElement::isDisplayed));
    }

    /** Brings the first element of a kind in the notebook's outputs into the window. */
    void scrollToFirst(String selector) {
        perform("the first " + selector, () -> driver.executeScript("arguments[0].scrollIntoView({block: 'center'})",
                driver.findElement(By.cssSelector(PANEL + ".jp-OutputArea-output " + selector))));
    }

    /** Makes the window so wide, with the list of files at its side closed, as one does in a narrow one. */
    void resize(int width) {
        browser.resize(width, 1000);
        await("a window of " + width, () -> ((Number) driver.executeScript("return window.innerWidth")).intValue() == width);
        boolean narrow = width < 800;
        if (isShown("#jp-left-stack .lm-DockPanel, .jp-FileBrowser") == narrow) {
            click(By.cssSelector(".jp-SideBar .lm-TabBar-tab[data-id='filebrowser']"));
            await("the list of files", () -> isShown(".jp-FileBrowser") != narrow);
        }
    }

    /** Brings the last progress display into the window. */
    void scrollToLastProgress() {
        driver.executeScript("[...document.querySelectorAll(arguments[0])].pop().scrollIntoView({block: 'center'})",
                PANEL + ".jp-OutputArea-output [style*='max-width:680px'], " + PANEL + ".jp-OutputArea-output [style*='max-width: 680px']");
    }

    /** Brings a cell into the window. */
    void scrollTo(int cell) {
        perform("cell " + cell, () -> driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", cells().get(cell)));
    }

    /** The cells whose code is wider than their place. */
    List<?> codeThatScrollsSideways() {
        return (List<?>) driver.executeScript("""
                return [...document.querySelectorAll(arguments[0])].filter(node => node.scrollWidth > node.clientWidth)
                    .map(node => node.textContent.slice(0, 60));
                """, PANEL + ".jp-CodeCell .cm-scroller");
    }

    /** The outputs that are wider than their place, each with both widths. */
    List<?> outputsThatScrollSideways() {
        return (List<?>) driver.executeScript("""
                return [...document.querySelectorAll(arguments[0])].filter(node => node.scrollWidth > node.clientWidth)
                    .map(node => node.scrollWidth + ' > ' + node.clientWidth + ': ' + node.textContent.slice(0, 60));
                """, PANEL + ".jp-OutputArea-output");
    }

    /** The words of texts in the outputs that begin in one line and end in the next. */
    List<?> wordsThatBreak() {
        return (List<?>) driver.executeScript("""
                const broken = [];
                for (const pre of document.querySelectorAll(arguments[0])) {
                    const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
                    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
                        for (const word of text.data.matchAll(/[a-z]+/gi)) {
                            const range = document.createRange();
                            range.setStart(text, word.index);
                            range.setEnd(text, word.index + word[0].length);
                            if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) { broken.push(word[0]); }
                        }
                    }
                }
                return broken;
                """, PANEL + ".jp-OutputArea-output.jp-RenderedText > pre");
    }

    /** The cells of progress displays whose text takes more than one line. */
    List<?> labelsThatWrap() {
        return (List<?>) driver.executeScript("""
                return [...document.querySelectorAll(arguments[0])].filter(node => node.textContent.trim() && !node.querySelector('[role]'))
                    .filter(node => node.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(node).lineHeight))
                    .map(node => node.textContent);
                """, PANEL + "[style*='max-width'] td, " + PANEL + "[style*='max-width'] th");
    }

    /** The number before a cell: "[3]:", "[*]:" while it runs or waits, "[ ]:" before. */
    String prompt(int cell) {
        return read(() -> cells().get(cell).findElement(By.cssSelector(".jp-InputPrompt")).getDomProperty("textContent").strip());
    }

    boolean isRunning(int cell) {
        return prompt(cell).equals("[*]:");
    }

    /** Looks at the notebook's progress bars until one was seen to move so many times. */
    void awaitMovingProgress(int moves) {
        awaitMovingProgress(moves, () -> driver.findElements(By.cssSelector(PANEL + PROGRESS)));
    }

    /** The same, in the output of one cell. */
    void awaitMovingProgress(int cell, int moves) {
        awaitMovingProgress(moves, () -> cells().get(cell).findElements(By.cssSelector(PROGRESS)));
    }

    private void awaitMovingProgress(int moves, Supplier<List<WebElement>> bars) {
        Map<String, Set<String>> seen = new HashMap<>();
        await("a progress bar that moves " + moves + " times", () -> {
            for (WebElement bar : bars.get()) {
                seen.computeIfAbsent(bar.getDomAttribute("aria-label"), label -> new HashSet<>()).add(bar.getDomAttribute("aria-valuenow"));
            }
            return seen.values().stream().anyMatch(values -> values.size() > moves);
        });
    }

    /**
     * Waits until every cell was run and none still runs; a cell that fails ends it at once, since those behind it are not run. A cell whose source is
     * hidden, such as the solution of an exercise, shows no number.
     */
    void awaitAllRun(Duration atMost) {
        await("the end of all cells", atMost, () -> nothingFailed()
                && driver.findElements(By.cssSelector(PANEL + ".jp-CodeCell .jp-InputPrompt:not(.jp-Placeholder-prompt)")).stream()
                .map(prompt -> prompt.getDomProperty("textContent").strip()).allMatch(prompt -> prompt.matches("\\[\\d+]:")));
        awaitIdleKernel();
    }

    private boolean nothingFailed() {
        driver.findElements(By.cssSelector(PANEL + FAILURE)).stream().findFirst().ifPresent(failure -> {
            throw new AssertionError("a cell failed: " + failure.getDomProperty("textContent"));
        });
        return true;
    }

    /** JupyterLab itself says so, before the first cell too. */
    void awaitIdleKernel() {
        await("a kernel that waits for work", () -> isShown(PANEL + ".jp-Notebook-ExecutionIndicator[data-status='idle']"));
    }

    boolean isShown(String selector) {
        while (true) {
            try {
                return driver.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
            } catch (StaleElementReferenceException e) {
                Thread.onSpinWait(); // drawn anew between the two calls: look again
            }
        }
    }

    void await(String what, Supplier<Boolean> condition) {
        await(what, A_WHILE, condition);
    }

    void await(String what, Duration atMost, Supplier<Boolean> condition) {
        try {
            new WebDriverWait(driver, atMost, BETWEEN_LOOKS).ignoring(StaleElementReferenceException.class).ignoring(IndexOutOfBoundsException.class)
                    .until(any -> condition.get());
        } catch (TimeoutException e) {
            browser.screenshot("missing-" + what.replaceAll("\\W+", "-"));
            throw new AssertionError("JupyterLab did not show within " + atMost.toSeconds() + " s: " + what
                    + "; target/screenshots has what it showed");
        }
    }

    /**
     * The lowest contrast (WCAG: 1 to 21) between text and what is behind it, in all tables, progress displays and messages of the outputs.
     */
    double lowestContrastOfOutputs() {
        return ((Number) driver.executeScript(CONTRAST, PANEL)).doubleValue();
    }

    private static final String CONTRAST = """
            const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
            const parse = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
            const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
            const behind = node => {
                for (let n = node; n; n = n.parentElement) {
                    const c = parse(getComputedStyle(n).backgroundColor);
                    if (c.length < 4 || c[3] > 0.5) { return c; }
                }
                return [255, 255, 255];
            };
            let lowest = 21;
            const kinds = ['.jp-RenderedHTMLCommon td', '.jp-RenderedHTMLCommon th', '.jp-RenderedHTMLCommon caption', '.jp-RenderedHTMLCommon div',
                '.jp-RenderedText pre', '.jp-RenderedText span'];
            for (const area of document.querySelectorAll(kinds.map(kind => arguments[0] + kind).join(', '))) {
                const own = [...area.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
                if (!own || !area.closest('.jp-OutputArea-output')) { continue; }
                const text = light(parse(getComputedStyle(area).color)), ground = light(behind(area));
                lowest = Math.min(lowest, (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05));
            }
            return lowest;
            """;
}
