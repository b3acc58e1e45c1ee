package org.apd4j.decomposition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apd4j.apd.ApdConfig;
import org.apd4j.apd.HiddenLayer;
import org.apd4j.apd.LpPenalty;
import org.apd4j.apd.internal.ApdObjective;
import org.apd4j.data.SparseFeatures;
import org.apd4j.math.Matrix;
import org.apd4j.math.SparseRows;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Network;
import org.apd4j.network.Parameter;
import org.apd4j.network.internal.DensePass;
import org.apd4j.network.internal.LinearParts;
import org.apd4j.network.internal.NetworkGraph;
import org.apd4j.reference.SameDiffNetwork;
import org.apd4j.targets.Target;
import org.apd4j.testsupport.RandomNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One random network with random components and settings, in the library and in ND4J's own differentiation in double precision. */
final class SameDiffComparison {

    /** Of the largest number of an array. */
    private static final double TOLERANCE = 1e-4;
    /** What a float is off by, at the size of what it was computed from. */
    private static final double ROUNDING = 0x1p-20;

    /** What all comparisons found. */
    static final class Findings {
        final Map<String, Integer> met = RandomNetwork.parts();
        final Map<String, Double> worst = new TreeMap<>();
        final List<String> failures = new ArrayList<>();
        int compared;
    }

    private final Findings findings;

    private final int number;
    private final Random random;
    private final Network network;
    private final List<HiddenLayer> hidden;
    private final NetworkGraph wiring;
    private final int batch;
    private final Matrix x;
    private final ApdConfig config;
    private final Components components;

    SameDiffComparison(int number, Findings findings) {
        this.findings = findings;
        this.number = number;
        random = new Random(number);
        network = RandomNetwork.of(5000 + number);
        hidden = RandomNetwork.hidden(network, number);
        wiring = NetworkGraph.of(network, RandomNetwork.decomposed(network));
        batch = 2 + random.nextInt(3);
        x = RandomNetwork.matrix(random, batch, network.inputs(), 1);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = random.nextInt(4) == 0 ? 0 : x.data()[i];
        }
        config = config();
        List<Factors> factors = new ArrayList<>();
        for (Parameter parameter : decomposed()) {
            int in = parameter.values().rows();
            int out = parameter.values().columns();
            double scale = Math.pow(1.0 / ((double) config.components() * config.rank() * Math.max(in, out)), 0.25);
            factors.add(new Factors(parameter.name(), config.components(),
                    RandomNetwork.matrix(random, config.components() * in, config.rank(), scale),
                    RandomNetwork.matrix(random, config.components() * config.rank(), out, scale)));
        }
        components = new Components(network, factors);
    }

    private ApdConfig config() {
        boolean lp = number % 4 == 3;
        int count = 1 + random.nextInt(3);
        Divergence divergence = !lp && (network.isSoftmax() || random.nextInt(4) == 0) ? Divergence.KL : Divergence.MSE;
        double k = Math.max(1.0 / batch, random.nextDouble() * count);
        return ApdConfig.of(c -> {
            c.components = count;
            c.rank = 2 + random.nextInt(2);
            c.batch = batch;
            c.steps = 1;
            c.attributions = lp ? AttributionKind.GRADIENT_FROM_TARGET : AttributionKind.values()[number / 4 % 4];
            c.sparsity = lp ? new LpPenalty(0.8 + random.nextDouble()) : Selection.batchTopK(k);
            c.faithfulness = 0.7;
            c.minimality = 1.3;
            c.simplicity = 0.4;
            c.hiddenReconstruction = lp || hidden.isEmpty() ? 0 : 0.9;
            c.hiddenLayers = hidden;
            c.parameters = RandomNetwork.decomposed(network);
            c.outputReconstruction = number % 3 == 0 ? 0.6 : 0;
            c.power = 0.6 + random.nextDouble();
            c.divergence = divergence;
        });
    }

    // ---- one network

    void compare() {
        RandomNetwork.count(network, findings.met);
        List<String> words = new ArrayList<>(List.of(config.divergence().name(), config.sparsity().getClass().getSimpleName(), config.attributions().name()));
        config.losses().forEach(loss -> words.add(loss.name()));
        words.forEach(word -> findings.met.merge(word, 1, Integer::sum));
        SparseRows rows = SparseRows.of(x);
        Evaluator evaluator = new Evaluator(network, components.copy(), config.importance(), Workers.one());
        Linearised target = new Linearised(decomposedWeights());
        Linearised all = new Linearised(summedWeights(-1));
        check("output", evaluator.target(rows), target.output);
        check("output of all components", evaluator.allComponents(rows), all.output);
        Map<AttributionKind, INDArray> attributions = new EnumMap<>(AttributionKind.class);
        attributions.put(AttributionKind.GRADIENT_FROM_TARGET, target.gradientAttributions());
        attributions.put(AttributionKind.GRADIENT_FROM_COMPONENTS, all.gradientAttributions());
        attributions.put(AttributionKind.ACTIVATION, all.activationAttributions());
        if (number % 4 == 0) { // a graph for every component: not for every network
            attributions.put(AttributionKind.ABLATION, ablations(all.output));
        }
        attributions.forEach((kind, wanted) -> check("attributions " + kind, evaluator.attributions(kind, rows), wanted, all.output));
        compareTrainingGradients(rows);
        compareLosses(rows, target);
    }

    private List<INDArray> decomposedWeights() {
        return decomposed().stream().map(p -> SameDiffNetwork.array(p.values())).toList();
    }

    private List<Parameter> decomposed() {
        return RandomNetwork.decomposed(network).stream().map(network::parameter).toList();
    }

    /** The sum of all components but one, by parameter. */
    private List<INDArray> summedWeights(int without) {
        List<INDArray> weights = new ArrayList<>();
        for (Factors factors : components.factors()) {
            INDArray sum = Nd4j.zeros(DataType.DOUBLE, factors.in(), factors.out());
            for (int c = 0; c < components.count(); c++) {
                if (c != without) {
                    sum.addi(product(factors, c));
                }
            }
            weights.add(sum);
        }
        return weights;
    }

    private static INDArray product(Factors factors, int c) {
        return SameDiffNetwork.array(factors.a(c)).mmul(SameDiffNetwork.array(factors.b(c)));
    }

    private int parameterOf(Network.Linear node) {
        return components.factors().indexOf(components.factors(node.parameter()));
    }

    /** {@code x · P} of a component in a layer. */
    private INDArray through(INDArray input, int layer, int c) {
        INDArray product = product(components.factors(wiring.layers().get(layer).parameter()), c);
        return input.mmul(wiring.layers().get(layer).transposed() ? product.transpose() : product);
    }

    /** A network with given weights on the batch: its output, each layer's input, and the gradient of each output at each layer's output. */
    private final class Linearised {
        final INDArray output;
        final List<INDArray> inputs = new ArrayList<>();
        /** By output and layer, {@code [batch, out]}; null where the output does not depend on the layer. */
        final List<List<INDArray>> gradients = new ArrayList<>();
        final Map<String, INDArray> values;

        Linearised(List<INDArray> weights) {
            SameDiff graph = SameDiff.create();
            List<String> places = new ArrayList<>();
            List<String> inputNames = new ArrayList<>();
            SDVariable given = graph.constant(SameDiffNetwork.array(x));
            Map<String, SDVariable> nodes = SameDiffNetwork.values(graph, network, given, (layer, node, from) -> {
                INDArray w = weights.get(parameterOf(node));
                w = node.transposed() ? w.transpose().dup() : w;
                places.add("e" + layer);
                inputNames.add(from.name());
                SDVariable zero = graph.var("e" + layer, Nd4j.zeros(DataType.DOUBLE, batch, w.columns()));
                return from.mmul(graph.constant(w)).add(zero);
            });
            SDVariable y = nodes.get(network.nodes().get(network.nodes().size() - 1).name());
            SDVariable which = graph.placeHolder("which", DataType.DOUBLE, batch, network.outputs());
            SDVariable loss = y.mul(which).sum();
            // the input is asked of nobody: it is no output of the graph
            List<String> names = nodes.values().stream().map(SDVariable::name).distinct().filter(name -> !name.equals(given.name())).toList();
            Map<String, INDArray> byName = new HashMap<>(graph.output(Map.of("which", Nd4j.zeros(DataType.DOUBLE, batch, network.outputs())), names));
            byName.put(given.name(), SameDiffNetwork.array(x));
            values = new HashMap<>();
            nodes.forEach((node, value) -> values.put(node, byName.get(value.name())));
            output = byName.get(y.name());
            inputNames.forEach(name -> inputs.add(byName.get(name)));
            for (int o = 0; o < network.outputs(); o++) {
                INDArray one = Nd4j.zeros(DataType.DOUBLE, batch, network.outputs());
                addToColumn(one, o, Nd4j.ones(DataType.DOUBLE, batch));
                Map<String, INDArray> of = SameDiffNetwork.gradients(graph, loss, Map.of("which", one), places);
                List<INDArray> ofLayers = new ArrayList<>();
                places.forEach(place -> ofLayers.add(of.get(place)));
                gradients.add(ofLayers);
            }
        }

        INDArray gradientAttributions() {
            INDArray attributions = Nd4j.zeros(DataType.DOUBLE, batch, components.count());
            for (int c = 0; c < components.count(); c++) {
                for (List<INDArray> ofOutput : gradients) {
                    INDArray sum = Nd4j.zeros(DataType.DOUBLE, batch);
                    for (int l = 0; l < ofOutput.size(); l++) {
                        sum.addi(ofOutput.get(l).mul(through(inputs.get(l), l, c)).sum(1).reshape(batch));
                    }
                    addToColumn(attributions, c, sum.mul(sum));
                }
            }
            return attributions;
        }

        INDArray activationAttributions() {
            INDArray attributions = Nd4j.zeros(DataType.DOUBLE, batch, components.count());
            for (int c = 0; c < components.count(); c++) {
                for (int l = 0; l < inputs.size(); l++) {
                    INDArray h = through(inputs.get(l), l, c);
                    addToColumn(attributions, c, h.mul(h).sum(1));
                }
            }
            return attributions;
        }
    }

    private void addToColumn(INDArray matrix, int column, INDArray values) {
        for (int i = 0; i < batch; i++) {
            matrix.putScalar(i, column, matrix.getDouble(i, column) + values.getDouble(i));
        }
    }

    private INDArray ablations(INDArray all) {
        INDArray attributions = Nd4j.zeros(DataType.DOUBLE, batch, components.count());
        for (int c = 0; c < components.count(); c++) {
            SameDiff graph = SameDiff.create();
            List<INDArray> weights = summedWeights(c);
            SDVariable y = SameDiffNetwork.output(graph, network, graph.constant(SameDiffNetwork.array(x)), (layer, node, from) -> {
                INDArray w = weights.get(parameterOf(node));
                return from.mmul(graph.constant(node.transposed() ? w.transpose().dup() : w));
            });
            INDArray difference = all.sub(y.eval());
            addToColumn(attributions, c, difference.mul(difference).mean(1));
        }
        return attributions;
    }

    /** The gradients that a target is trained by, of all parameters that are not fixed. */
    private void compareTrainingGradients(SparseRows rows) {
        Matrix outputGradient = RandomNetwork.matrix(random, batch, network.outputs(), 1);
        double outputGradientSize = SameDiffNetwork.array(outputGradient).amaxNumber().doubleValue();
        NetworkGraph training = NetworkGraph.forTraining(network);
        List<Matrix> weights = training.layers().stream().map(layer -> layer.weights(network.parameter(layer.parameter()).values())).toList();
        Matrix[] gradients = training.layers().stream().map(layer -> Matrix.zeros(layer.in(), layer.out())).toArray(Matrix[]::new);
        new DensePass(training, Workers.one()).forward(rows, new LinearParts(training, weights)).backward(outputGradient.copy(), gradients);
        Map<String, INDArray> own = new HashMap<>();
        for (int l = 0; l < gradients.length; l++) {
            NetworkGraph.Layer layer = training.layers().get(l);
            INDArray gradient = SameDiffNetwork.array(gradients[l]);
            own.merge(layer.parameter(), layer.transposed() ? gradient.transpose() : gradient, INDArray::add);
        }
        SameDiff graph = SameDiff.create();
        SDVariable y = SameDiffNetwork.output(graph, network, graph.constant(SameDiffNetwork.array(x)), null);
        SDVariable loss = y.mul(graph.constant(SameDiffNetwork.array(outputGradient))).sum();
        List<String> names = own.keySet().stream().map(name -> "p_" + name).toList();
        Map<String, INDArray> wanted = SameDiffNetwork.gradients(graph, loss, Map.of(), names);
        own.forEach((name, gradient) -> check("gradient of a trained parameter", gradient, wanted.get("p_" + name), ROUNDING * outputGradientSize));
    }

    /** One step: every loss, and the gradients of all factors. */
    private void compareLosses(SparseRows rows, Linearised target) {
        DecompositionRun<ApdConfig> run = ApdRuns.of(Target.of("random", network, new SparseFeatures(network.inputs(), 0.5, 0, 1)), config, components);
        double[] losses = ApdRuns.objective(run).computeAll(rows, 0, run.optimizer());
        Formulas formulas = new Formulas(target, run);
        Map<Loss, SDVariable> wanted = formulas.losses();
        SDVariable total = null;
        for (var loss : wanted.entrySet()) {
            check("loss " + loss.getKey(), scalar(losses[loss.getKey().ordinal()]), scalar(loss.getValue().eval().getDouble(0)), 0);
            SDVariable term = loss.getValue().mul(config.coefficient(loss.getKey()));
            total = total == null ? term : total.add(term);
        }
        assertEquals(config.losses().size(), wanted.size());
        List<String> names = new ArrayList<>(formulas.variables.keySet());
        Map<String, INDArray> gradients = SameDiffNetwork.gradients(formulas.graph, total, Map.of(), names);
        for (Factors factors : components.factors()) {
            for (boolean first : new boolean[] {true, false}) {
                String name = first ? ApdObjective.aName(factors) : ApdObjective.bName(factors);
                INDArray own = SameDiffNetwork.array(run.optimizer().gradient(name));
                INDArray[] parts = new INDArray[components.count()];
                for (int c = 0; c < parts.length; c++) {
                    parts[c] = gradients.get(name + c);
                }
                check("gradient of factors", own, Nd4j.concat(0, parts), 0);
            }
        }
    }

    private static INDArray scalar(double value) {
        return Nd4j.createFromArray(new double[][] {{value}});
    }

    /** The losses of the method as a graph over the factors. */
    private final class Formulas {
        final SameDiff graph = SameDiff.create();
        final Map<String, SDVariable> variables = new HashMap<>();
        private final Linearised target;
        private final SDVariable[] weights;
        private final int[] uses;
        private final SDVariable constantX = graph.constant(SameDiffNetwork.array(x));

        Formulas(Linearised target, DecompositionRun<ApdConfig> run) {
            this.target = target;
            for (Factors factors : components.factors()) {
                for (int c = 0; c < components.count(); c++) {
                    variable(ApdObjective.aName(factors) + c, factors.a(c));
                    variable(ApdObjective.bName(factors) + c, factors.b(c));
                }
            }
            uses = components.factors().stream().mapToInt(components::uses).toArray();
            weights = new SDVariable[components.count()];
            for (int c = 0; c < weights.length; c++) {
                weights[c] = isLp() ? lpWeight(c) : graph.constant(maskColumn(ApdRuns.objective(run).mask().orElseThrow(), c));
            }
        }

        private boolean isLp() {
            return config.sparsity() instanceof LpPenalty;
        }

        private void variable(String name, Matrix values) {
            variables.put(name, graph.var(name, SameDiffNetwork.array(values)));
        }

        private INDArray maskColumn(Mask mask, int c) {
            INDArray column = Nd4j.zeros(DataType.DOUBLE, batch, 1);
            for (int i = 0; i < batch; i++) {
                column.putScalar(i, 0, mask.isActive(i, c) ? 1 : 0);
            }
            return column;
        }

        private SDVariable product(Factors factors, int c) {
            return SameDiffNetwork.product(graph, variables.get(ApdObjective.aName(factors) + c), variables.get(ApdObjective.bName(factors) + c), factors.in(),
                    factors.rank(), factors.out());
        }

        private SDVariable layerProduct(NetworkGraph.Layer layer, int c) {
            SDVariable product = product(components.factors(layer.parameter()), c);
            return layer.transposed() ? graph.transpose(product) : product;
        }

        /** {@code (attr / outputs + 1e-16)^(q/2)}, {@code [batch, 1]}. */
        private SDVariable lpWeight(int c) {
            SDVariable attribution = null;
            for (List<INDArray> ofOutput : target.gradients) {
                SDVariable change = null;
                for (int l = 0; l < ofOutput.size(); l++) {
                    SDVariable h = graph.constant(target.inputs.get(l)).mmul(layerProduct(wiring.layers().get(l), c));
                    SDVariable term = SameDiffNetwork.sumOfRows(graph, h.mul(graph.constant(ofOutput.get(l))), wiring.layers().get(l).out());
                    change = change == null ? term : change.add(term);
                }
                SDVariable square = change.mul(change);
                attribution = attribution == null ? square : attribution.add(square);
            }
            return graph.math().pow(attribution.div(network.outputs()).add(1e-16), ((LpPenalty) config.sparsity()).q() / 2);
        }

        private SDVariable sum(List<SDVariable> terms) {
            return terms.stream().reduce(SDVariable::add).orElseThrow();
        }

        Map<Loss, SDVariable> losses() {
            Map<Loss, SDVariable> losses = new EnumMap<>(Loss.class);
            losses.put(Loss.FAITHFULNESS, faithfulness());
            losses.put(Loss.SIMPLICITY, simplicity());
            if (isLp()) {
                losses.put(Loss.MINIMALITY, sum(List.of(weights)).sum().div(batch));
            } else {
                sparse(losses);
            }
            if (config.outputReconstruction() > 0) {
                SDVariable y = SameDiffNetwork.output(graph, network, constantX, (l, node, from) -> {
                    NetworkGraph.Layer layer = wiring.layers().get(l);
                    List<SDVariable> products = new ArrayList<>();
                    for (int c = 0; c < components.count(); c++) {
                        products.add(layerProduct(layer, c));
                    }
                    return from.mmul(sum(products));
                });
                SDVariable difference = y.sub(graph.constant(target.output));
                losses.put(Loss.OUTPUT_RECONSTRUCTION, difference.mul(difference).sum().div((double) batch * network.outputs()));
            }
            return losses;
        }

        private SDVariable faithfulness() {
            List<SDVariable> terms = new ArrayList<>();
            for (int p = 0; p < uses.length; p++) {
                Factors factors = components.factors().get(p);
                SDVariable rest = graph.constant(SameDiffNetwork.array(network.parameter(factors.parameter()).values()));
                for (int c = 0; c < components.count(); c++) {
                    rest = rest.sub(product(factors, c));
                }
                terms.add(rest.mul(rest).sum().mul(uses[p]));
            }
            return sum(terms).div(components.entries());
        }

        private SDVariable simplicity() {
            List<SDVariable> terms = new ArrayList<>();
            for (int p = 0; p < uses.length; p++) {
                Factors factors = components.factors().get(p);
                for (int c = 0; c < components.count(); c++) {
                    SDVariable a = variables.get(ApdObjective.aName(factors) + c);
                    SDVariable b = variables.get(ApdObjective.bName(factors) + c);
                    SDVariable ofA = SameDiffNetwork.sumOfRows(graph, graph.transpose(a.mul(a)), factors.in());
                    SDVariable sizes = graph.transpose(ofA.mul(SameDiffNetwork.sumOfRows(graph, b.mul(b), factors.out())));
                    SDVariable powers = graph.math().pow(weights[c].mmul(sizes).add(1e-16), config.power() / 2);
                    terms.add(powers.sum().mul(uses[p]));
                }
            }
            return sum(terms).div(components.entries() * (double) batch);
        }

        private void sparse(Map<Loss, SDVariable> losses) {
            Map<String, SDVariable> values = SameDiffNetwork.values(graph, network, constantX, (l, node, from) -> {
                NetworkGraph.Layer layer = wiring.layers().get(l);
                List<SDVariable> terms = new ArrayList<>();
                for (int c = 0; c < components.count(); c++) {
                    terms.add(from.mmul(layerProduct(layer, c)).mul(weights[c]));
                }
                return sum(terms);
            });
            SDVariable y = values.get(network.nodes().get(network.nodes().size() - 1).name());
            losses.put(Loss.MINIMALITY, divergence(y));
            if (config.hiddenReconstruction() > 0) {
                List<SDVariable> terms = new ArrayList<>();
                int width = 0;
                for (HiddenLayer observed : hidden) {
                    SDVariable sparse = values.get(observed.node());
                    SDVariable wanted = graph.constant(target.values.get(observed.node()));
                    SDVariable difference = observed.rectified() ? graph.nn().relu(sparse, 0).sub(graph.nn().relu(wanted, 0)) : sparse.sub(wanted);
                    int own = (int) target.values.get(observed.node()).size(1);
                    terms.add(difference.mul(difference).sum());
                    width += own;
                }
                losses.put(Loss.HIDDEN_RECONSTRUCTION, sum(terms).div((double) width * batch));
            }
        }

        private SDVariable divergence(SDVariable y) {
            SDVariable wanted = graph.constant(target.output);
            if (config.divergence() == Divergence.MSE) {
                SDVariable difference = y.sub(wanted);
                return difference.mul(difference).sum().div((double) batch * network.outputs());
            }
            SDVariable logWanted = graph.nn().logSoftmax(wanted);
            SDVariable terms = graph.math().exp(logWanted).mul(logWanted.sub(graph.nn().logSoftmax(y)));
            return terms.sum().div(batch);
        }
    }

    // ---- comparing

    private void check(String what, Matrix own, INDArray wanted) {
        check(what, SameDiffNetwork.array(own), wanted, 0);
    }

    /** @param from what the numbers are squared differences of */
    private void check(String what, Matrix own, INDArray wanted, INDArray from) {
        double size = from.amaxNumber().doubleValue();
        check(what, SameDiffNetwork.array(own), wanted, what.endsWith("ABLATION") ? ROUNDING * size * size : 0);
    }

    private void check(String what, INDArray own, INDArray wanted, double slack) {
        findings.compared++;
        INDArray expected = wanted == null ? own.mul(0) : wanted;
        double size = expected.amaxNumber().doubleValue();
        double difference = own.sub(expected).amaxNumber().doubleValue();
        double allowed = TOLERANCE * size + slack + 1e-12;
        findings.worst.merge(what, difference / (size + slack + 1e-12), Math::max);
        if (!(difference <= allowed)) {
            findings.failures.add("network " + number + ", " + what + ": off by " + difference + " at a size of " + size);
        }
    }
}
