package org.apd4j.notebook.jupyter;

import java.lang.instrument.ClassDefinition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.regex.Pattern;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Runs what JShell has compiled: in this JVM, on the thread of cells, and keeps the value itself where JShell keeps its text. */
final class CellControl extends DirectExecutionControl {

    private static final String VALUE = "value";

    /** The classes that JShell puts declarations in. */
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\w+");

    private final Variables variables = new Variables();
    private final UserCode userCode;
    private boolean runs = true;
    private Object value;
    private Throwable thrown;

    CellControl(UserCode userCode) {
        this.userCode = userCode;
    }

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

    Variables variables() {
        return variables;
    }

    /** Forgets the value and the exception of what ran before. */
    void forget() {
        value = null;
        thrown = null;
    }

    /** The value of what ran last. */
    Object value() {
        return value;
    }

    /** What the code that ran last has thrown; null if nothing. */
    Throwable thrown() {
        return thrown;
    }

    /** Says whether what is declared is also run, as by default; or else the variables keep their values. */
    void runs(boolean does) {
        runs = does;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        var checked = new ClassBytecodes[classes.length];
        for (int i = 0; i < classes.length; i++) {
            checked[i] = new ClassBytecodes(classes[i].name(), LoopChecks.added(classes[i].bytecodes()));
        }
        super.load(checked);
        for (ClassBytecodes loaded : checked) {
            if (WRAPPER.matcher(loaded.name()).matches()) {
                variables.add(loaded(loaded.name()));
            }
        }
    }

    /** Changes the code of classes in place, so that objects of them, and all that refers to them, stay as they are. */
    @Override
    public void redefine(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        var definitions = new ClassDefinition[classes.length];
        for (int i = 0; i < classes.length; i++) {
            definitions[i] = new ClassDefinition(loaded(classes[i].name()), LoopChecks.added(classes[i].bytecodes()));
        }
        if (!Agent.redefined(definitions)) {
            throw new ClassInstallException("the shape of a class has changed", new boolean[classes.length]);
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
        } catch (UserCode.GoesOnException | UserCode.StoppedException e) {
            thrown = e;
            throw new UserException(e.getMessage(), e.getClass().getName(), e.getStackTrace());
        }
    }

    @Override
    public void stop() {
        userCode.stop();
    }
}
