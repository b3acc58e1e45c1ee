package org.apd4j.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks tests that are skipped, with a line that says why, if no browser is installed; if one is required, they fail instead. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("browser")
@ExtendWith(NeedsBrowser.Condition.class)
@interface NeedsBrowser {

    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Browser.absence().isEmpty() || Browser.isRequired()) {
                return ConditionEvaluationResult.enabled("a browser is installed or required");
            }
            String line = "Skipped: " + Browser.absence().get();
            if (context.getTestMethod().isEmpty()) {
                System.out.println(line);
            }
            return ConditionEvaluationResult.disabled(line);
        }
    }
}
