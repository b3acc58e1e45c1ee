package org.apd4j.tables;

import java.util.List;
import org.apd4j.apd.Suggestion;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.Decomposition;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.measures.classification.ClassAblation;
import org.apd4j.measures.classification.ClassAblation.Effect;
import org.apd4j.measures.classification.Confusion;
import tech.tablesaw.api.Table;

/**
 * The tables of classifiers, and of settings to start from.
 *
 * <pre>{@code
 * ClassTables.accuracy(digitsRun, digits)
 * }</pre>
 */
public final class ClassTables {

    private ClassTables() {
    }

    /** Settings to start from, each with its reason. */
    public static Table suggestion(Suggestion suggestion) {
        List<Suggestion.Reason> reasons = suggestion.reasons();
        return NumberTable.named("Settings to start from").texts("setting", reasons.stream().map(Suggestion.Reason::setting).toList())
                .texts("value", reasons.stream().map(Suggestion.Reason::value).toList()).texts("why", reasons.stream().map(Suggestion.Reason::why).toList())
                .build();
    }

    /**
     * The part of the rows that get their class: from the target, from all components, and from those alone that the training's selection
     * keeps on each row when all rows are one batch.
     *
     * @throws IllegalArgumentException for the Lp formulation, which switches no component off
     */
    public static Table accuracy(DecompositionSource decomposed, Dataset data) {
        Decomposition found = decomposed.decomposition();
        Evaluator evaluator = found.evaluator();
        return NumberTable.named("Accuracy on " + data.size() + " images").texts("network", List.of("target", "all components", "active components only"))
                .numbers("accuracy", Confusion.of(found.target(), data).accuracy(),
                        Confusion.of("all components", evaluator.allComponents(data.all()), data).accuracy(),
                        Confusion.of("active components", evaluator.masked(data.all()), data).accuracy())
                .build();
    }

    /** For every class the component whose removal forgets it best, and what is left then. */
    public static Table forgetting(ClassAblation measured) {
        List<Effect> best = measured.best();
        return NumberTable.named("The component whose removal forgets a class best").texts("class", measured.classes())
                .texts("component removed", best.stream().map(effect -> Integer.toString(effect.component())).toList())
                .numbers("accuracy before", best.stream().mapToDouble(effect -> measured.target().accuracy(effect.label())).toArray())
                .numbers("after", best.stream().mapToDouble(Effect::accuracy).toArray())
                .numbers("others before", best.stream().mapToDouble(effect -> measured.target().accuracyOfOthers(effect.label())).toArray())
                .numbers("others after", best.stream().mapToDouble(Effect::others).toArray())
                .build();
    }
}
