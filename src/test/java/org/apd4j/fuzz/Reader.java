package org.apd4j.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apd4j.apd.Apd;
import org.apd4j.apd.ApdConfig;
import org.apd4j.data.Dataset;
import org.apd4j.data.ImageCollection;
import org.apd4j.decomposition.DecompositionRun;
import org.apd4j.interaction.ModularAddition;
import org.apd4j.interaction.ModularAdditionConfig;
import org.apd4j.interaction.ModularAdditionRun;
import org.apd4j.io.ArrayFile;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Npz;
import org.apd4j.io.Safetensors;
import org.apd4j.language.Corpus;
import org.apd4j.language.LanguageModelConfig;
import org.apd4j.language.LanguageModelRun;
import org.apd4j.language.PublishedWeights;
import org.apd4j.language.Tokenizer;
import org.apd4j.math.internal.Workers;
import org.apd4j.network.Activation;
import org.apd4j.targets.ResidualMlp;
import org.apd4j.targets.ResidualMlpConfig;
import org.apd4j.targets.TargetRun;
import org.apd4j.targets.Tms;
import org.apd4j.targets.TmsConfig;
import org.apd4j.testsupport.BytePairFiles;
import org.apd4j.testsupport.ImageFolders;
import org.apd4j.testsupport.ModelFiles;

/** All readers of files that others may have written or damaged. */
enum Reader {
    NPZ, NPY, SAFETENSORS, DECOMPOSITION, TARGET, TABLE, DATASET, DESCRIPTION, IDX, PACKED_IDX, CIFAR, CIFAR_ARCHIVE,
    ADDITION, LANGUAGE_MODEL, MODEL_SETTINGS, MODEL_WEIGHTS, VOCABULARY, MERGES, TOKENS;

    private static final Workers ONE = Workers.one();

    /** The name of the file that is damaged. */
    String fileName() {
        return switch (this) {
            case IDX -> ImageFolders.TRAIN_IMAGES;
            case PACKED_IDX -> ImageFolders.TRAIN_IMAGES + ".gz";
            case CIFAR -> ImageFolders.batchName(3);
            case CIFAR_ARCHIVE -> "cifar-10-binary.tar.gz";
            case MODEL_SETTINGS -> PublishedWeights.SETTINGS;
            case MODEL_WEIGHTS -> PublishedWeights.WEIGHTS;
            case VOCABULARY -> "vocab.json";
            case MERGES -> "merges.txt";
            default -> "damaged" + ending();
        };
    }

    String ending() {
        return switch (this) {
            case SAFETENSORS, MODEL_WEIGHTS -> ".safetensors";
            case TABLE -> ".csv";
            case TOKENS -> ".npy";
            default -> ".npz";
        };
    }

    /** @throws IOException as documented: all else is a fault */
    void read(Path file) throws IOException {
        switch (this) {
            case NPZ, NPY -> Npz.read(file);
            case SAFETENSORS -> Safetensors.read(file);
            case DECOMPOSITION -> Apd.load(file, ONE);
            case TARGET -> TargetRun.load(file, ONE);
            case TABLE, DATASET -> Dataset.read(file);
            case DESCRIPTION -> ArrayFile.descriptionText(file);
            case IDX, PACKED_IDX -> ImageCollection.MNIST.read(folderOf(file));
            case CIFAR, CIFAR_ARCHIVE -> ImageCollection.CIFAR_10.read(folderOf(file));
            case ADDITION -> ModularAdditionRun.load(file, ONE);
            case LANGUAGE_MODEL -> LanguageModelRun.load(file, ONE);
            case MODEL_SETTINGS, MODEL_WEIGHTS -> PublishedWeights.read(folderOf(file), 1);
            case VOCABULARY, MERGES -> Tokenizer.bytePairs(folderOf(file).resolve("vocab.json"), folderOf(file).resolve("merges.txt"));
            case TOKENS -> Corpus.read(file, 11);
        }
    }

    /** Returns whether a message names the file. Where two files of a folder must fit each other, it may name the other one. */
    boolean isNamed(Path file, String message) {
        return switch (this) {
            case MODEL_SETTINGS, MODEL_WEIGHTS, VOCABULARY, MERGES -> message.contains(folderOf(file).toString());
            default -> message.contains(file.toString());
        };
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "a folder");
    }

    /** Files that are whole. */
    List<byte[]> examples(Path folder) throws IOException {
        Path file = folder.resolve("whole.npz");
        switch (this) {
            case NPZ, NPY -> {
                Npz.write(file, Map.of("a", NpyArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), "mask", NpyArray.of(new boolean[] {true, false}, 2),
                        "long", NpyArray.of(new long[] {7}), "text", NpyArray.of("words".getBytes(StandardCharsets.UTF_8), 5)));
                byte[] stored = Files.readAllBytes(file);
                return List.of(stored, Mutations.zip(Mutations.entries(stored), true));
            }
            case SAFETENSORS -> {
                return List.of(Files.readAllBytes(Path.of("notebooks", "data", "classifier.safetensors")));
            }
            case TABLE -> {
                return List.of("a,b,label\n1,2,0\n0.5,-1e3,1\n3,4,0\n".getBytes(StandardCharsets.UTF_8),
                        "x,class\n1,cat\n2,dog\n".getBytes(StandardCharsets.UTF_8));
            }
            case DATASET -> {
                Npz.write(file, Map.of("values", NpyArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), "labels", NpyArray.of(new int[] {0, 1}, 2)));
                return List.of(Files.readAllBytes(file));
            }
            case DECOMPOSITION, DESCRIPTION -> {
                decomposition().save(file);
                byte[] tms = Files.readAllBytes(file);
                Apd.decompose(mlp().train(3).trained(), ApdConfig.paperCompressedComputation().with(c -> {
                    c.components = 6;
                    c.rank = 2;
                    c.steps = 20;
                    c.batch = 16;
                }), 1, ONE).train(3).save(file);
                return List.of(tms, Files.readAllBytes(file));
            }
            case TARGET -> {
                Tms.of(TmsConfig.paper5to2(), 1).train(3).save(file);
                byte[] tms = Files.readAllBytes(file);
                mlp().train(3).save(file);
                return List.of(tms, Files.readAllBytes(file));
            }
            case IDX, PACKED_IDX -> {
                ImageFolders.mnist(folder, 20, 10, 7, 5);
                Path images = folder.resolve(ImageFolders.TRAIN_IMAGES);
                byte[] whole = Files.readAllBytes(images);
                Files.delete(images);
                return List.of(this == IDX ? whole : ImageFolders.packed(whole));
            }
            case CIFAR -> {
                ImageFolders.cifar(folder, 2);
                return List.of(ImageFolders.batch(2, 3));
            }
            case CIFAR_ARCHIVE -> {
                return List.of(ImageFolders.archive(2));
            }
            case ADDITION -> {
                ModularAdditionRun.of(ModularAdditionConfig.fast().with(c -> {
                    c.task = new ModularAddition(5, 0.5, 0);
                    c.width = 8;
                    c.headWidth = 2;
                    c.neurons = 6;
                    c.steps = 3;
                }), 0, ONE).train().save(file);
                return List.of(Files.readAllBytes(file));
            }
            case LANGUAGE_MODEL -> {
                Corpus text = Corpus.of(5, IntStream.range(0, 60).map(i -> i * i % 5).toArray());
                LanguageModelRun.of(LanguageModelConfig.stories().with(c -> {
                    c.positions = 4;
                    c.heads = 2;
                    c.headWidth = 2;
                    c.neurons = 3;
                    c.sequences = 2;
                    c.steps = 3;
                }), text, text, 0, ONE).train().save(file);
                return List.of(Files.readAllBytes(file));
            }
            case MODEL_SETTINGS, MODEL_WEIGHTS -> {
                ModelFiles.gpt2("", 8, 2, 11, 9).write(folder, ModelFiles.Precision.F32, ModelFiles.GPT2_SETTINGS);
                return List.of(Files.readAllBytes(folder.resolve(fileName())));
            }
            case VOCABULARY, MERGES -> {
                BytePairFiles.write(folder, "a b", "ab c");
                return List.of(Files.readAllBytes(folder.resolve(fileName())));
            }
            case TOKENS -> {
                Npz.write(file, Map.of("tokens", NpyArray.of(new int[] {3, 0, 10, 7, 7, 1, 2, 4}, 8)));
                return List.of(Objects.requireNonNull(Mutations.entries(Files.readAllBytes(file)).get("tokens.npy")));
            }
            default -> throw new AssertionError(this);
        }
    }

    private static TargetRun mlp() {
        return ResidualMlp.of(new ResidualMlpConfig(6, 5, 4, 1, Activation.GELU, true, true, 0.2, TmsConfig.paper5to2().training()), 1);
    }

    private static DecompositionRun<ApdConfig> decomposition() {
        return Apd.decompose(Tms.untrained(TmsConfig.paper5to2(), 1), ApdConfig.paperTms5to2().with(c -> {
            c.steps = 20;
            c.batch = 32;
        }), 1).train(4);
    }

    /** A file whose outer form is right and whose content is not. */
    byte[] mutated(byte[] whole, SplittableRandom random) throws IOException {
        if (this == NPY) {
            var entries = Mutations.entries(whole);
            String name = List.copyOf(entries.keySet()).get(random.nextInt(entries.size()));
            entries.put(name, random.nextInt(2) == 0 ? Npy.shape(random, entries.get(name)) : Mutations.ofBytes(entries.get(name), random));
            return Mutations.zip(entries, random.nextInt(2) == 0);
        }
        return switch (this) {
            case SAFETENSORS -> Mutations.ofSafetensors(whole, random);
            case TABLE -> Mutations.ofTable(whole, random);
            case IDX, CIFAR, MERGES -> Mutations.ofBytes(whole, random);
            case MODEL_WEIGHTS -> Mutations.ofSafetensors(whole, random);
            case MODEL_SETTINGS, VOCABULARY -> Mutations.ofJson(new String(whole, StandardCharsets.UTF_8), random).getBytes(StandardCharsets.UTF_8);
            case TOKENS -> random.nextInt(2) == 0 ? Npy.shape(random, whole) : Mutations.ofBytes(whole, random);
            case PACKED_IDX, CIFAR_ARCHIVE -> {
                try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(whole))) {
                    yield ImageFolders.packed(Mutations.ofBytes(unpacked.readAllBytes(), random));
                }
            }
            default -> Mutations.ofZip(whole, random);
        };
    }
}
