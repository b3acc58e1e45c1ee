package org.apd4j.experiments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apd4j.interaction.AblationCurve;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.EdgeSearch;
import org.apd4j.interaction.EdgeWeights;
import org.apd4j.interaction.InteractionGraph;
import org.apd4j.interaction.InteractionModules;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.io.internal.Fingerprint;
import org.apd4j.math.Statistics;
import org.apd4j.tables.NumberTable;
import org.apd4j.training.Results;
import tech.tablesaw.api.Table;

/**
 * What several transformers that learned to add need with the Local Interaction Basis and with principal components, beside the five published ones
 * (arXiv 2405.10928, section 4.1). The results are a file with two lines for each seed, one for each basis.
 *
 * <pre>{@code
 * try {
 *     System.out.println(ModularAdditionSeeds.read(Path.of("data", "modular-addition.csv")).besidePublished().printAll());
 * } catch (IOException e) {
 *     throw new UncheckedIOException(e);
 * }
 * }</pre>
 *
 * @param rows the results: by seed, the Local Interaction Basis first
 */
public record ModularAdditionSeeds(List<Row> rows) {

    /** The number of networks in the committed file, and in the paper. */
    public static final int SEEDS = 5;

    private static final StudyFile<Row> FILE = new StudyFile<>(Row.class, "a file of networks that add", Row::isSame,
            Comparator.comparing(Row::seed).thenComparing(Row::basis));
    /** γ of the paper's graph of one network, and of those in its appendix. */
    private static final double COARSE = 0.5;
    private static final double FINE = 1;

    /** The means of the five published networks, in the three sections. */
    private static final List<Double> NODES = List.of(11.2, 15.4, 9.0);
    private static final List<Double> EDGES_LIB = List.of(86.6, 74.0, 634.2);
    private static final List<Double> EDGES_PCA = List.of(117.4, 85.2, 662.6);
    /** In how many of them the Local Interaction Basis needs fewer edges. */
    private static final List<Integer> FEWER = List.of(4, 3, 4);

    /**
     * What a network needs in a basis.
     *
     * @param seed             of the initial values
     * @param basis            {@link BasisComparison#LIB} or {@link BasisComparison#PCA}
     * @param epochs           trained for
     * @param accuracy         on all test pairs
     * @param nodesEmbedding   nodes required at the embedding
     * @param nodesAttention   nodes required after attention
     * @param nodesMlp         nodes required after the MLP
     * @param edgesEmbedding   edges required from the embedding on
     * @param edgesAttention   edges required from the stream after attention on
     * @param edgesMlp         edges required from the stream after the MLP on
     * @param modules          number of modules with γ = 0.5
     * @param modularity       their modularity
     * @param finerModules     number of modules with γ = 1
     * @param finerModularity  their modularity
     * @param seconds          of training
     * @param fingerprint      of the settings, by which a change of them is noticed
     * @param origin           commit, day, profile and machine
     */
    public record Row(long seed, String basis, int epochs, double accuracy, int nodesEmbedding, int nodesAttention, int nodesMlp, int edgesEmbedding,
                      int edgesAttention, int edgesMlp, int modules, double modularity, int finerModules, double finerModularity, double seconds,
                      String fingerprint, Results.Origin origin) {

        private boolean isSame(Row other) {
            return seed == other.seed && basis.equals(other.basis);
        }

        private int nodes(int section) {
            return section == 0 ? nodesEmbedding : section == 1 ? nodesAttention : nodesMlp;
        }

        private int edges(int section) {
            return section == 0 ? edgesEmbedding : section == 1 ? edgesAttention : edgesMlp;
        }
    }

    /** Sorts the rows by seed and basis. */
    public ModularAdditionSeeds {
        rows = FILE.sorted(rows);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is no such file, or it is not a file of such results; the message names the line
     */
    public static ModularAdditionSeeds read(Path file) throws IOException {
        return new ModularAdditionSeeds(FILE.read(file));
    }

    /** Returns the seeds below a number that are not in these results with today's settings. */
    public List<Long> missing(int seeds) {
        String fingerprint = fingerprint(ModularAdditionExperiment.of(Profile.PAPER));
        return LongStream.range(0, seeds).filter(seed -> Stream.of(BasisComparison.LIB, BasisComparison.PCA).anyMatch(basis -> rows.stream()
                .noneMatch(row -> row.seed() == seed && row.basis().equals(basis) && row.fingerprint().equals(fingerprint)))).boxed().toList();
    }

    private static String fingerprint(ModularAdditionExperiment experiment) {
        return Fingerprint.of("networks that add").add("config", experiment.config()).add("basis", experiment.basis())
                .add("schedule", experiment.schedule()).add("most", experiment.most()).digits(8);
    }

    /**
     * Trains the networks that are not in a file, with the settings of {@link Profile#PAPER}, one a core, measures them, and adds each to the file.
     *
     * @param file   the file of results; it is created if there is none
     * @param seeds  the number of networks, of the seeds from 0 on
     * @param origin is noted with every network that is added
     * @param report is told of every network that was added
     * @return everything in the file
     * @throws IOException if the file cannot be read or written to
     */
    public static ModularAdditionSeeds make(Path file, int seeds, Results.Origin origin, Consumer<String> report) throws IOException {
        ModularAdditionExperiment experiment = ModularAdditionExperiment.of(Profile.PAPER);
        List<Long> missing = new ModularAdditionSeeds(FILE.readIfPresent(file)).missing(seeds);
        return new ModularAdditionSeeds(FILE.complete(file, missing, seed -> {
            ModularAdditionRun run = experiment.run(seed).train();
            List<Row> rows = measure(experiment, run, origin);
            return Optional.of(new StudyFile.Finished<>(rows, String.format(Locale.ROOT, "seed %d: %,d epochs, accuracy %.4f, edges %s", seed,
                    run.step(), rows.get(0).accuracy(), rows.stream().map(row -> row.basis() + " " + IntStream.range(0, NODES.size())
                            .mapToObj(section -> Integer.toString(row.edges(section))).toList()).toList())));
        }, report));
    }

    static List<Row> measure(ModularAdditionExperiment experiment, ModularAdditionRun run, Results.Origin origin) {
        BasisComparison both = experiment.compare(run);
        double accuracy = run.testAccuracy();
        List<Row> rows = new ArrayList<>();
        both.bases().forEach((name, basis) -> {
            List<AblationCurve> curves = both.nodes().getOrDefault(name, List.of());
            List<EdgeSearch> searches = both.edges().getOrDefault(name, List.of());
            int[] nodes = curves.stream().mapToInt(curve -> curve.required(both.allowed())).toArray();
            int[] edges = searches.stream().mapToInt(EdgeSearch::required).toArray();
            InteractionGraph graph = Objects.requireNonNull(both.graphs().get(name), name);
            InteractionModules coarse = InteractionModules.of(basis, graph, EdgeWeights.of(searches), COARSE, run.seed());
            InteractionModules fine = InteractionModules.of(basis, graph, EdgeWeights.of(searches), FINE, run.seed());
            rows.add(new Row(run.seed(), name, run.step(), accuracy, nodes[0], nodes[1], nodes[2], edges[0], edges[1], edges[2], coarse.larger().size(),
                    coarse.modularity(), fine.larger().size(), fine.modularity(), run.seconds(), fingerprint(experiment), origin));
        });
        return rows;
    }

    private List<Row> of(String basis) {
        return rows.stream().filter(row -> row.basis().equals(basis)).toList();
    }

    /** Returns the results of every network, a line each: epochs, accuracy, and the edges required with both bases. */
    public Table table() {
        List<Row> lib = of(BasisComparison.LIB);
        List<Row> pca = of(BasisComparison.PCA);
        NumberTable table = NumberTable.named("Edges required").texts("seed", lib.stream().map(row -> Long.toString(row.seed())).toList())
                .integers("epochs", integers(lib, Row::epochs)).numbers("accuracy on test pairs", lib.stream().mapToDouble(Row::accuracy).toArray());
        for (int section = 0; section < NODES.size(); section++) {
            int at = section;
            table.integers(ModularAdditionExperiment.NODE_LAYERS.get(section) + ", LIB", integers(lib, row -> row.edges(at)))
                    .integers(ModularAdditionExperiment.NODE_LAYERS.get(section) + ", PCA", integers(pca, row -> row.edges(at)));
        }
        return table.integers("modules, LIB", integers(lib, Row::finerModules))
                .numbers("modularity, LIB", lib.stream().mapToDouble(Row::finerModularity).toArray())
                .numbers("modularity, PCA", pca.stream().mapToDouble(Row::finerModularity).toArray()).build();
    }

    /** Returns the names of the networks, in the order of {@link #edges()}. */
    public List<String> networks() {
        return of(BasisComparison.LIB).stream().map(row -> "seed " + row.seed()).toList();
    }

    /** Returns the edges that each network requires, by the node layer at which the section begins and the basis. */
    public Map<String, Map<String, List<Integer>>> edges() {
        Map<String, Map<String, List<Integer>>> required = new LinkedHashMap<>();
        for (int section = 0; section < NODES.size(); section++) {
            int at = section;
            Map<String, List<Integer>> bases = new LinkedHashMap<>();
            Stream.of(BasisComparison.LIB, BasisComparison.PCA).forEach(basis -> bases.put(basis, of(basis).stream().map(row -> row.edges(at)).toList()));
            required.put(ModularAdditionExperiment.NODE_LAYERS.get(section), bases);
        }
        return required;
    }

    /**
     * Returns the means beside those of the five published networks, a line for each section: nodes and edges required with both bases, and in how many
     * networks the Local Interaction Basis needs fewer edges. Of the published networks both bases need the same number of nodes.
     */
    public Table besidePublished() {
        int[] sections = IntStream.range(0, NODES.size()).toArray();
        return NumberTable.named("Means over networks").texts("section that begins at", IntStream.of(sections)
                        .mapToObj(ModularAdditionExperiment.NODE_LAYERS::get).toList())
                .numbers("nodes, LIB", means(BasisComparison.LIB, Row::nodes)).numbers("nodes, PCA", means(BasisComparison.PCA, Row::nodes))
                .numbers("nodes, published, both", Statistics.array(NODES))
                .numbers("edges, LIB", means(BasisComparison.LIB, Row::edges)).numbers("published, LIB", Statistics.array(EDGES_LIB))
                .numbers("edges, PCA", means(BasisComparison.PCA, Row::edges)).numbers("published, PCA", Statistics.array(EDGES_PCA))
                .texts("fewer with LIB", IntStream.of(sections).mapToObj(section -> fewer(section) + " of " + of(BasisComparison.LIB).size()).toList())
                .texts("published", FEWER.stream().map(count -> count + " of 5").toList()).build();
    }

    /** Adds the means over these networks, beside those of the published ones, to a verdict, and returns it. */
    public AcceptanceCriteria addTo(AcceptanceCriteria verdict) {
        int networks = of(BasisComparison.LIB).size();
        double lib = edges(BasisComparison.LIB);
        double pca = edges(BasisComparison.PCA);
        String counts = IntStream.range(0, NODES.size()).mapToObj(section -> Integer.toString(fewer(section))).collect(Collectors.joining(", "));
        boolean mostly = IntStream.range(0, NODES.size()).allMatch(section -> 2 * fewer(section) > networks);
        return verdict.said("edges required, LIB and PCA, mean of several networks", String.format(Locale.ROOT, "%.1f and %.1f", sum(EDGES_LIB),
                        sum(EDGES_PCA)), String.format(Locale.ROOT, "%.1f and %.1f", lib, pca), Double.NaN, networks,
                        lib < pca ? "agrees: fewer with LIB" : "not fewer with LIB")
                .said("networks that need fewer edges with LIB, in the three sections", FEWER.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + " of 5", counts + " of " + networks, Double.NaN, networks, mostly ? "agrees: most of them in each" : "not most of them in each");
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Returns the mean number of edges that all three sections together require in a basis. */
    private double edges(String basis) {
        return Statistics.mean(of(basis).stream().mapToDouble(row -> IntStream.range(0, NODES.size()).map(row::edges).sum()).toArray());
    }

    /** Returns in how many networks the Local Interaction Basis needs fewer edges of a section than the principal components. */
    private int fewer(int section) {
        List<Row> pca = of(BasisComparison.PCA);
        return (int) of(BasisComparison.LIB).stream().filter(own -> pca.stream().anyMatch(other -> other.seed() == own.seed()
                && own.edges(section) < other.edges(section))).count();
    }

    private interface InSection {
        int of(Row row, int section);
    }

    private double[] means(String basis, InSection number) {
        return IntStream.range(0, NODES.size()).mapToDouble(section -> Statistics.mean(of(basis).stream()
                .mapToDouble(row -> number.of(row, section)).toArray())).toArray();
    }

    private static int[] integers(List<Row> rows, ToIntFunction<Row> number) {
        return rows.stream().mapToInt(number).toArray();
    }

    @Override
    public String toString() {
        return of(BasisComparison.LIB).size() + " networks that learned to add";
    }
}
