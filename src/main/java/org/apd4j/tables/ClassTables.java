package org.apd4j.tables;

import java.util.List;
import org.apd4j.data.Dataset;
import org.apd4j.decomposition.DecompositionSettings;
import org.apd4j.decomposition.DecompositionSource;
import org.apd4j.measures.classification.ClassAblation;
import org.apd4j.measures.classification.ClassAblation.Effect;
import org.apd4j.measures.classification.Confusion;
import tech.tablesaw.api.Table;

/**
 * The tables of classifiers, and of suggested settings.
 *
 * <pre>{@code
 * ClassTables.accuracy(digitsRun, digits)
 * }</pre>
 */
public final class ClassTables {

    private ClassTables() {
    }

    /** Returns the {@linkplain org.apd4j.decomposition.DecompositionSettings.Reason reasons} of settings to start from. */
    public static Table suggestion(List<DecompositionSettings.Reason> reasons) {
        return Tables.reasons("Settings to start from", reasons);
    }

    /**
     * Returns the fraction of the rows that get their class: from the target, from all components, and from those alone that the training's
     * selection keeps for each row when all rows are one batch.
     *
     * @throws IllegalArgumentException if the training switched no component off, as in the Lp formulation
     */
    public static Table accuracy(DecompositionSource decomposed, Dataset data) {
        return NumberTable.named("Accuracy on " + data.size() + " images")
                .texts("network", List.of("target", "all components", "active components only"))
                .numbers("accuracy", Confusion.compared(decomposed, data).stream().mapToDouble(Confusion::accuracy).toArray()).build();
    }

    /** Returns for every class the component whose removal erases it best, and the accuracies before and after. */
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
