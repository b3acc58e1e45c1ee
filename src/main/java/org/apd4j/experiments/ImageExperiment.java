package org.apd4j.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apd4j.data.Dataset;
import org.apd4j.interaction.AblationSchedule;
import org.apd4j.interaction.BasisComparison;
import org.apd4j.interaction.InteractionConfig;
import org.apd4j.interaction.Samples;
import org.apd4j.interaction.SectionedNetwork;
import org.apd4j.math.Matrix;
import org.apd4j.math.RandomStream;
import org.apd4j.network.Activation;
import org.apd4j.network.Network;
import org.apd4j.network.NetworkBuilder;
import org.apd4j.targets.Labels;
import org.apd4j.targets.Target;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.TrainingConfig;
import org.apd4j.training.ProgressScope;
import org.apd4j.training.Schedule;

/**
 * An experiment with the Local Interaction Basis on classifiers of images (arXiv 2405.10928): an MLP with ReLU is trained, and its basis is compared with
 * the principal components. Immutable; made by {@link #digits} or {@link #paper}, and changed by {@link #with}.
 *
 * <pre>{@code
 * var experiment = ImageExperiment.digits().with(e -> e.epochs = 5);
 * TargetRun classifier = experiment.target("digits", HandwrittenDigits.read(), 0);
 * System.out.println(classifier.config());
 * }</pre>
 *
 * @param hidden       widths of the hidden layers
 * @param epochs       how often training goes through the images
 * @param batch        images of a step
 * @param learningRate of Adam, constant
 * @param basisImages  number of training images, the first ones, from which bases and edges are computed; all if there are fewer
 * @param testImages   number of test images, the first ones, by which ablations are judged; all if there are fewer
 * @param basis        settings of the basis
 * @param schedule     of the node ablations
 * @param allowed      how much lower than that of the network an accuracy may be
 */
public record ImageExperiment(List<Integer> hidden, int epochs, int batch, double learningRate, int basisImages, int testImages, InteractionConfig basis,
                              AblationSchedule schedule, double allowed) {

    private static final long INITIAL = 0x696d61676573L;

    /** @throws IllegalArgumentException if a number is below 1, or the allowed difference is negative */
    public ImageExperiment {
        hidden = List.copyOf(hidden);
        hidden.forEach(width -> requirePositive("a width of hidden", width));
        requirePositive("epochs", epochs);
        requirePositive("batch", batch);
        requirePositive("basisImages", basisImages);
        requirePositive("testImages", testImages);
        if (!(allowed >= 0)) {
            throw new IllegalArgumentException("allowed is " + allowed + "; it must be at least 0");
        }
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + "; it must be at least 1");
        }
    }

    /** Returns an experiment for small images, such as {@link org.apd4j.data.HandwrittenDigits}: two hidden layers of 32, trained in seconds. */
    public static ImageExperiment digits() {
        return of(e -> {
            e.hidden = List.of(32, 32);
            e.epochs = 30;
            e.batch = 32;
            e.learningRate = 2e-3;
        });
    }

    /**
     * Returns the paper's network for MNIST and CIFAR-10 and its training: two hidden layers of 100, Adam with learning rate 1e-3, batches of 64, 12
     * epochs. The paper's code makes the last batch of an epoch shorter; here a batch may span two epochs. It stores no results of bases; 10,000
     * images are enough for the Gram matrices of both collections, and 1,000 images judge to 0.1 %.
     */
    public static ImageExperiment paper() {
        return of(e -> { });
    }

    /**
     * Returns an experiment by settings given by name, with the defaults of {@link Fields}, those of {@link #paper}.
     *
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public static ImageExperiment of(Consumer<Fields> settings) {
        Fields fields = new Fields();
        settings.accept(fields);
        return fields.toExperiment();
    }

    /**
     * Returns this experiment with some settings changed.
     *
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public ImageExperiment with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.set(this);
        change.accept(fields);
        return fields.toExperiment();
    }

    /** Returns the names of the node layers: the image, each hidden layer, and the logits. */
    public List<String> nodeLayers() {
        List<String> names = new ArrayList<>(List.of("input"));
        IntStream.rangeClosed(1, hidden.size()).mapToObj(ImageExperiment::layer).forEach(names::add);
        names.add(SectionedNetwork.OUTPUT);
        return names;
    }

    private static String layer(int number) {
        return "layers." + number;
    }

    /**
     * Returns the training of a classifier, which has not begun yet. Weights and biases begin uniform in {@code ±1/√in}.
     *
     * @param name for display
     * @throws IllegalArgumentException if the images have no labels
     */
    public TargetRun target(String name, Dataset train, long seed) {
        if (!train.isLabelled()) {
            throw new IllegalArgumentException("the images have no labels, which a classifier is trained on");
        }
        RandomStream random = RandomStream.of(seed, INITIAL);
        NetworkBuilder builder = Network.builder(train.features());
        String from = "input";
        int in = train.features();
        for (int l = 1; l <= hidden.size(); l++) {
            int width = hidden.get(l - 1);
            builder.dense("hidden." + l, from, uniform(in, width, in, random), uniform(1, width, in, random))
                    .activation(layer(l), "hidden." + l, Activation.RELU);
            from = layer(l);
            in = width;
        }
        int classes = train.classes().size();
        builder.dense("logits", from, uniform(in, classes, in, random), uniform(1, classes, in, random));
        int steps = Math.toIntExact(((long) epochs * train.size() + batch - 1) / batch);
        return new TargetRun(new Target(name, builder.build(), train, Labels.CLASS), new TrainingConfig(batch, steps, learningRate, Schedule.constant(), 0),
                seed);
    }

    private static Matrix uniform(int rows, int columns, int in, RandomStream random) {
        Matrix values = Matrix.zeros(rows, columns);
        double bound = 1 / Math.sqrt(in);
        for (int i = 0; i < values.size(); i++) {
            values.data()[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    /**
     * Computes the basis of a classifier and its principal components, and what each needs to keep the network's answers.
     *
     * @param trained a classifier that {@link #target} described
     * @param test    images that it was not trained on, with labels
     * @throws IllegalArgumentException if the images do not fit the network or are too few for a Gram matrix
     */
    public BasisComparison compare(Target trained, Dataset train, Dataset test) {
        return BasisComparison.of(SectionedNetwork.of(trained.network()), nodeLayers(), first(train, basisImages), first(test, testImages), basis,
                schedule, allowed);
    }

    /**
     * Trains classifiers that differ in their initial weights, in their batches and in the images that are kept for tests, and compares the bases of each.
     * The classifier of start s, and its split, have the seed s.
     *
     * @param images with labels
     * @param part   how much of them to train on, above 0 and below 1
     * @param starts number of classifiers, at least 1
     * @return in the order of the starts
     * @throws IllegalArgumentException if a number is out of its range, or the images have no labels or are too few for a Gram matrix
     */
    public List<BasisComparison> compareStarts(Dataset images, double part, int starts) {
        requirePositive("the number of starts", starts);
        List<BasisComparison> comparisons = new ArrayList<>();
        try (ProgressScope work = ProgressScope.of("bases of " + starts + (starts == 1 ? " random start" : " random starts"), "starts", starts)) {
            for (int start = 0; start < starts; start++) {
                Dataset.Split split = images.split(part, start);
                comparisons.add(compare(target("start " + start, split.train(), start).train().trained(), split.train(), split.test()));
                work.done(start + 1);
            }
        }
        return comparisons;
    }

    private static Samples first(Dataset data, int count) {
        return Samples.of(count >= data.size() ? data : data.subset(IntStream.range(0, count).toArray()));
    }

    /** The settings by name, for {@link ImageExperiment#of} and {@link ImageExperiment#with}, with their defaults. */
    public static final class Fields {

        // network and training
        public List<Integer> hidden = List.of(100, 100);
        public int epochs = 12;
        public int batch = 64;
        public double learningRate = 1e-3;

        // basis and ablations
        public int basisImages = 10_000;
        public int testImages = 1_000;
        public InteractionConfig basis = InteractionConfig.paper().with(c -> c.threshold = 1e-6);
        public AblationSchedule schedule = AblationSchedule.exponential(10, 2);
        public double allowed = 0.01;

        Fields() {
        }

        /** Sets all settings to those of an experiment. */
        public void set(ImageExperiment experiment) {
            hidden = experiment.hidden;
            epochs = experiment.epochs;
            batch = experiment.batch;
            learningRate = experiment.learningRate;
            basisImages = experiment.basisImages;
            testImages = experiment.testImages;
            basis = experiment.basis;
            schedule = experiment.schedule;
            allowed = experiment.allowed;
        }

        ImageExperiment toExperiment() {
            return new ImageExperiment(hidden, epochs, batch, learningRate, basisImages, testImages, basis, schedule, allowed);
        }
    }
}
