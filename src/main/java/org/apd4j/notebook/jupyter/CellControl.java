package org.apd4j.notebook.jupyter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Runs what JShell has compiled: in this JVM, on the thread of cells, and keeps the value itself where JShell keeps its text. */
final class CellControl extends DirectExecutionControl {

    private static final String VALUE = "value";

    private final UserCode userCode;
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

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        var checked = new ClassBytecodes[classes.length];
        for (int i = 0; i < classes.length; i++) {
            checked[i] = new ClassBytecodes(classes[i].name(), LoopChecks.added(classes[i].bytecodes()));
        }
        super.load(checked);
    }

    @Override
    protected String invoke(Method doIt) throws Exception {
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
