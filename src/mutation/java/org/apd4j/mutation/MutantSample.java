package org.apd4j.mutation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apd4j.math.RandomStream;
import org.pitest.mutationtest.build.InterceptorParameters;
import org.pitest.mutationtest.build.InterceptorType;
import org.pitest.mutationtest.build.ProjectMutationInterceptor;
import org.pitest.mutationtest.build.ProjectMutationInterceptorFactory;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.plugin.Feature;
import org.pitest.plugin.FeatureParameter;

/**
 * A plug-in of PIT that keeps a random sample of the mutants: {@code +SAMPLE(seed[1] size[200])}.
 *
 * <p>Every mutant draws a number from its own name and the seed, and the smallest numbers are kept. So a sample stays what it was when tests
 * are added, and nearly so when code elsewhere changes.
 */
public final class MutantSample implements ProjectMutationInterceptorFactory {

    private static final FeatureParameter SEED = FeatureParameter.named("seed").withDescription("seed of the sample");
    private static final FeatureParameter SIZE = FeatureParameter.named("size").withDescription("number of mutants that are kept");

    @Override
    public String description() {
        return "Random sample of all mutants";
    }

    @Override
    public Feature provides() {
        return Feature.named("SAMPLE").withOnByDefault(false).withDescription(description()).withParameter(SEED).withParameter(SIZE);
    }

    @Override
    public ProjectMutationInterceptor createInterceptor(InterceptorParameters parameters) {
        int seed = parameters.getInteger(SEED).orElseThrow();
        int size = parameters.getInteger(SIZE).orElseThrow();
        return new ProjectMutationInterceptor() {

            @Override
            public Collection<MutationDetails> intercept(Collection<MutationDetails> mutants) {
                List<MutationDetails> kept = mutants.stream()
                        .sorted(Comparator.comparingLong((MutationDetails mutant) -> number(seed, mutant)).thenComparing(MutationDetails::getId))
                        .limit(size).toList();
                System.out.println("Sample of " + kept.size() + " of " + mutants.size() + " mutants, seed " + seed);
                return kept;
            }

            @Override
            public InterceptorType type() {
                return InterceptorType.FILTER;
            }
        };
    }

    private static long number(int seed, MutationDetails mutant) {
        return RandomStream.of(seed, mutant.getId().toString().chars().asLongStream().toArray()).nextLong();
    }
}
