package org.apd4j.notebook.jupyter;

import java.lang.instrument.ClassDefinition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.regex.Pattern;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;

/** The execution of code that JShell has compiled, in this JVM and on the thread of cells. It keeps values themselves, JShell only their texts. */
final class CellControl extends DirectExecutionControl {

    private static final String VALUE = "value";

    /** The names of classes that JShell wraps declarations in. */
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\w+");

    private final Variables variables = new Variables();
    private final UserCode userCode;
    private boolean runs = true;
    private @Nullable Object value;
    private @Nullable Throwable thrown;

    CellControl(UserCode userCode) {
        this.userCode = userCode;
    }

    /** Returns a provider of a control for JShell. */
    static ExecutionControlProvider provider(CellControl control) {
        return new ExecutionControlProvider() {
            @Override
            public String name() {
                return "apd4j";
            }

            @Override
            public ExecutionControl generate(ExecutionEnv environment, java.util.Map<String, String> parameters) {
                return control;
            }
        };
    }

    /** Returns the variables of the notebook. */
    Variables variables() {
        return variables;
    }

    /** Clears the value and the exception of the last execution. */
    void forget() {
        value = null;
        thrown = null;
    }

    /** Returns the value of the last execution, or null if it has none. */
    @Nullable Object value() {
        return value;
    }

    /** Returns what the last execution threw, or null if it threw nothing. */
    @Nullable Throwable thrown() {
        return thrown;
    }

    /** Sets whether declarations are executed, which is the default; otherwise variables keep their values. */
    void runs(boolean does) {
        runs = does;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        var checked = new ClassBytecodes[classes.length];
        for (int i = 0; i < classes.length; i++) {
            checked[i] = new ClassBytecodes(classes[i].name(), LoopChecks.insertInto(classes[i].bytecodes()));
        }
        super.load(checked);
        for (ClassBytecodes loaded : checked) {
            if (WRAPPER.matcher(loaded.name()).matches()) {
                variables.add(loaded(loaded.name()));
            }
        }
    }

    /** Redefines classes in place, so that their objects, and references to them, stay valid. */
    @Override
    public void redefine(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        var definitions = new ClassDefinition[classes.length];
        for (int i = 0; i < classes.length; i++) {
            definitions[i] = new ClassDefinition(loaded(classes[i].name()), LoopChecks.insertInto(classes[i].bytecodes()));
        }
        if (!Agent.redefine(definitions)) {
            throw new ClassInstallException("fields or methods of a class have changed", new boolean[classes.length]);
        }
    }

    private Class<?> loaded(String name) throws ClassInstallException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            throw new ClassInstallException(e.toString(), new boolean[1]);
        }
    }

    @Override
    protected String invoke(Method doIt) throws Exception {
        if (!runs) {
            return VALUE;
        }
        try {
            value = userCode.call(() -> doIt.invoke(null));
            return VALUE;
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
            throw e;
        } catch (UserCode.UnstoppableException | UserCode.StoppedException e) {
            thrown = e;
            throw new UserException(e.getMessage(), e.getClass().getName(), e.getStackTrace());
        }
    }

    @Override
    public void stop() {
        userCode.stop();
    }
}
