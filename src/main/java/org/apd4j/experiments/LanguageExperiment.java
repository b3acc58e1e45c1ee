package org.apd4j.experiments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apd4j.interaction.Ablation;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.AblationSchedule;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.InteractionBasis;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.Score;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.interaction.Transformer;
import org.apd4j.language.Corpus;
import org.apd4j.language.FeatureMatch;
import org.apd4j.language.LanguageModelConfig;
import org.apd4j.language.LanguageModelRun;
import org.apd4j.language.PublishedWeights;
import org.apd4j.language.StoryGrammar;
import org.apd4j.language.StoryGrammar.Kind;
import org.apd4j.language.StoryGrammar.Word;
import org.apd4j.language.Tokenizer;

/**
 * The Local Interaction Basis on a small language model (arXiv 2405.10928, the experiment with language models): a transformer of two blocks learns
 * stories of {@link StoryGrammar}, and is compared in the basis and in principal components on a few node layers. As in the paper, the sum over output
 * positions is replaced by a random source, and the basis is that of the centred model.
 *
 * <pre>{@code
 * LanguageExperiment experiment = LanguageExperiment.stories(Profile.QUICK);
 * LanguageModelRun run = experiment.run(0).train();
 * LanguageExperiment.Comparison comparison = experiment.compare(run.trained());
 * Map<String, List<EdgeSearch>> edges = comparison.edges(experiment.allowed());
 * }</pre>
 *
 * @param stories    number of stories to train on; a tenth as many are kept for tests
 * @param config     the model and its training
 * @param nodeLayers which are compared, the last of them without a basis of its own
 * @param basis      settings of the basis
 * @param sequences  pieces of the training text of which bases are computed
 * @param judged     pieces of the test text by which nodes and edges are judged
 * @param described  pieces of the test text at which nodes are compared with what is known
 * @param allowed    by how many nats a token the loss may rise when nodes or edges are removed
 */
public record LanguageExperiment(int stories, LanguageModelConfig config, List<String> nodeLayers, InteractionConfig basis, int sequences, int judged,
                                 int described, double allowed) {

    private static final StoryGrammar GRAMMAR = StoryGrammar.of(0);
    /** Tokens of a piece that a published model reads. */
    private static final int PUBLISHED_LENGTH = 64;
    private static final int PUBLISHED_PIECES = 100;

    public LanguageExperiment {
        nodeLayers = List.copyOf(nodeLayers);
    }

    /** Returns the experiment on stories. In the quick size training is shorter, and there are fewer pieces. */
    public static LanguageExperiment stories(Profile profile) {
        profile.requireNotLong("the language model");
        boolean isQuick = profile.isQuick();
        return new LanguageExperiment(3_000, LanguageModelConfig.stories().with(c -> c.steps = isQuick ? 600 : c.steps),
                List.of("ln1.0", "ln2.0", "ln1.1", "ln2.1", "unembed", SectionedNetwork.OUTPUT),
                InteractionConfig.paper().with(c -> {
                    c.threshold = 1e-7;
                    c.positionSources = isQuick ? 1 : 4;
                    c.edgeSources = isQuick ? 1 : 4;
                }), isQuick ? 40 : 300, isQuick ? 12 : 100, 200, 0.01);
    }

    /** Returns the tokens of the stories' words. */
    public Tokenizer tokenizer() {
        return Tokenizer.words(GRAMMAR.stories(stories + stories / 10));
    }

    /** Returns the stories to train on. */
    public Corpus text() {
        return Corpus.of(tokenizer(), GRAMMAR.stories(stories));
    }

    /** Returns the stories that are kept for tests. */
    public Corpus test() {
        return Corpus.of(tokenizer(), GRAMMAR.stories(stories + stories / 10).subList(stories, stories + stories / 10));
    }

    /** Returns a training that has not begun yet. */
    public LanguageModelRun run(long seed) {
        return LanguageModelRun.of(config, text(), test(), seed);
    }

    /**
     * Returns the training of such a model on another text, with characters as tokens, those of {@code Tokenizer.characters(List.of(text))}. The last
     * tenth of the text is kept for tests.
     *
     * @throws IllegalArgumentException if a part of the text is shorter than the model's positions
     */
    public LanguageModelRun runOn(String text, long seed) {
        Tokenizer characters = Tokenizer.characters(List.of(text));
        int cut = text.offsetByCodePoints(0, (int) (0.9 * text.codePointCount(0, text.length())));
        return LanguageModelRun.of(config, Corpus.of(characters, List.of(text.substring(0, cut))), Corpus.of(characters, List.of(text.substring(cut))),
                seed);
    }

    /** Returns the loss, in nats a token, of a model of the stories that gives every token the same probability. */
    public double lossOfGuessing() {
        return Math.log(tokenizer().size());
    }

    /**
     * Computes the basis of a published model from up to 100 pieces of a text, of 64 tokens each, at three node layers: before the MLP of the first block,
     * and before attention and MLP of the second. Sums over positions and nodes are replaced by random sources.
     *
     * @param folder the model's {@code config.json} and {@code model.safetensors} (see {@link PublishedWeights})
     * @param text   an {@code .npy} file of tokens, or a text file; then the folder has {@code vocab.json} and {@code merges.txt}, too
     * @param seed   of the choice of pieces
     * @throws IOException              if a file is missing or damaged, or the model has what a transformer here cannot describe
     * @throws IllegalArgumentException if the model has less than two blocks or 64 positions, or the text is too short
     */
    public static InteractionBasis published(Path folder, Path text, long seed) throws IOException {
        Transformer model = PublishedWeights.read(folder, PUBLISHED_LENGTH).withCentredWeights();
        Corpus corpus = text.toString().endsWith(".npy") ? Corpus.read(text, model.tokens().rows())
                : Corpus.of(Tokenizer.bytePairs(folder.resolve("vocab.json"), folder.resolve("merges.txt")), List.of(Files.readString(text)));
        Samples pieces = corpus.chunks(PUBLISHED_LENGTH, Math.min(PUBLISHED_PIECES, Math.max(1, corpus.pieces(PUBLISHED_LENGTH))), seed);
        return InteractionBasis.of(SectionedNetwork.transformer(model), List.of("ln2.0", "ln1.1", "ln2.1"), pieces, InteractionConfig.paper().with(c -> {
            c.threshold = 1e-10;
            c.rotateLast = true;
            c.positionSources = 1;
            c.hiddenSources = 20;
        }));
    }

    /** Computes both bases of a model, and prepares their ablation. */
    public Comparison compare(Transformer model) {
        SectionedNetwork network = SectionedNetwork.transformer(model.withCentredWeights());
        Samples samples = text().chunks(config.positions(), sequences, 0);
        Samples tests = test().chunks(config.positions());
        Map<String, InteractionBasis> bases = BasisComparison.bothBases(network, nodeLayers, samples, basis);
        Map<String, Ablation> ablations = new LinkedHashMap<>();
        bases.forEach((name, found) -> ablations.put(name, Ablation.of(found, found.graph(), tests.rows(0, judged),
                Score.CROSS_ENTROPY)));
        return new Comparison(bases, ablations, tests.rows(0, described), known(described * config.positions()));
    }

    /** Returns what is known at the first positions of the test text: of the story, and, behind an arrow, of which kind the next word is. */
    private Map<String, boolean[]> known(int positions) {
        List<Word> words = new ArrayList<>();
        List<Kind> next = new ArrayList<>();
        for (int number = stories; words.size() <= positions; number++) {
            List<Word> story = GRAMMAR.story(number);
            words.addAll(story);
            words.add(story.get(story.size() - 1)); // the token that ends a story
            story.subList(1, story.size()).forEach(word -> next.add(word.kind()));
            next.add(Kind.OTHER);
            next.add(Kind.NAME); // or any other word that a story begins with
        }
        Map<String, boolean[]> known = new LinkedHashMap<>();
        known.put("a girl", at(positions, i -> words.get(i).girl()));
        known.put("lost", at(positions, i -> words.get(i).sad()));
        known.put("a " + StoryGrammar.things().get(0), at(positions, i -> words.get(i).thing() == 0));
        known.put("→ name", at(positions, i -> next.get(i) == Kind.NAME));
        known.put("→ pronoun", at(positions, i -> next.get(i) == Kind.PRONOUN));
        known.put("→ thing", at(positions, i -> next.get(i) == Kind.THING));
        known.put("→ place", at(positions, i -> next.get(i) == Kind.PLACE));
        known.put("→ stop", at(positions, i -> next.get(i) == Kind.STOP));
        return known;
    }

    private static boolean[] at(int positions, Predicate<Integer> isTrue) {
        boolean[] values = new boolean[positions];
        IntStream.range(0, positions).forEach(i -> values[i] = isTrue.test(i));
        return values;
    }

    /**
     * A model in both bases.
     *
     * @param bases     by name
     * @param ablations by name
     * @param described pieces of the test text at which nodes are compared with what is known
     * @param known     what is known at every position of these pieces
     */
    public record Comparison(Map<String, InteractionBasis> bases, Map<String, Ablation> ablations, Samples described,
                             Map<String, boolean[]> known) {

        /**
         * Returns the loss against the number of nodes kept, for each node layer that has a basis.
         *
         * @param schedule of the numbers kept; it is filled where the loss becomes higher than allowed
         * @param allowed  by how many nats a token the loss may rise
         */
        public Map<String, List<AblationCurve>> nodes(AblationSchedule schedule, double allowed) {
            Map<String, List<AblationCurve>> curves = new LinkedHashMap<>();
            ablations.forEach((name, ablation) -> curves.put(name, layers().stream().map(layer -> ablation.nodes(layer, schedule, allowed)).toList()));
            return curves;
        }

        /** Finds how many edges each section needs for a loss that is higher by at most some nats a token. */
        public Map<String, List<EdgeSearch>> edges(double allowed) {
            Map<String, List<EdgeSearch>> searches = new LinkedHashMap<>();
            ablations.forEach((name, ablation) -> searches.put(name, layers().stream().map(layer -> ablation.requiredEdges(layer, allowed)).toList()));
            return searches;
        }

        /** Returns the names of the node layers that have a basis. */
        public List<String> layers() {
            List<String> all = bases.values().iterator().next().nodeLayers();
            return all.subList(0, all.size() - 1);
        }

        /** Returns, of each basis, the nodes of a node layer that show best what is known of the stories. */
        public Map<String, List<FeatureMatch>> matches(String layer) {
            Map<String, List<FeatureMatch>> matches = new LinkedHashMap<>();
            bases.forEach((name, basis) -> matches.put(name, FeatureMatch.best(basis, layer, described, known)));
            return matches;
        }
    }
}
