package org.apd4j.language;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.apd4j.interaction.Transformer;
import org.apd4j.io.NpyArray;
import org.apd4j.io.Safetensors;
import org.apd4j.io.internal.FreeMemory;
import org.apd4j.io.internal.Json;
import org.apd4j.io.internal.Refusal;
import org.apd4j.language.internal.ModelSettings;
import org.apd4j.language.internal.ModelWeights;
import org.apd4j.language.internal.WeightTable;

/**
 * A reader of published language models: GPT-2, GPT-NeoX (Pythia) and GPT-Neo (TinyStories), from the two files that they are published in,
 * {@code config.json} and {@code model.safetensors}, in single or half precision. Arrays have the names that the {@code transformers} library gives
 * them, with or without the name of the model in front.
 *
 * <pre>{@code
 * Transformer model = PublishedWeights.read(Path.of("gpt2"), 128);
 * SectionedNetwork network = SectionedNetwork.transformer(model.withCentredWeights());
 * }</pre>
 *
 * <p>Computation is in double precision; the gains and shifts of layer norms are folded into the maps that read them. What a model has and a
 * {@link Transformer} cannot describe is refused.
 */
public final class PublishedWeights {

    /** The name of the file of settings. */
    public static final String SETTINGS = "config.json";
    /** The name of the file of weights. */
    public static final String WEIGHTS = "model.safetensors";

    /** Memory for a weight: what the file holds, and two copies in double precision. */
    private static final int BYTES = Float.BYTES + 2 * Double.BYTES;

    private PublishedWeights() {
    }

    /**
     * Reads a model for sequences of some length.
     *
     * @param folder    the folder of {@value #SETTINGS} and {@value #WEIGHTS}
     * @param positions length of the sequences, at most that of the model
     * @throws IOException              if a file is missing or damaged, an array is missing or does not fit, or the model has what a transformer here
     *                                  cannot describe; the message names the file and what is wrong
     * @throws IllegalArgumentException if the length is out of its range
     */
    public static Transformer read(Path folder, int positions) throws IOException {
        Path config = folder.resolve(SETTINGS);
        ModelSettings settings;
        try {
            settings = ModelSettings.of(new Json(Map.of()).foreign(Files.readString(config)));
        } catch (NoSuchFileException e) {
            throw new IOException(config + ": there is no such file; a published model has its settings there", e);
        } catch (CharacterCodingException e) {
            throw new IOException(config + ": is not UTF-8 text", e);
        } catch (IOException | IllegalArgumentException e) {
            throw Refusal.of(config.toString(), e);
        }
        if (positions < 1 || positions > settings.positions()) {
            throw new IllegalArgumentException("the length of the sequences is " + positions + "; it must be from 1 to " + settings.positions()
                    + ", that of the model");
        }
        Path file = folder.resolve(WEIGHTS);
        if (Files.notExists(file)) {
            throw new IOException(file + ": there is no such file; weights in the PyTorch format, or in several files, must first be saved to one "
                    + "file with safetensors.torch.save_model");
        }
        Map<String, NpyArray> arrays = Safetensors.read(file);
        try {
            FreeMemory.require(arrays.values().stream().mapToLong(array -> (long) array.size() * BYTES).sum(), "a model in double precision");
            return ModelWeights.transformer(settings, new WeightTable(arrays, ModelWeights.prefix(settings.family())), positions);
        } catch (IOException | IllegalArgumentException e) {
            throw Refusal.of(file.toString(), e);
        }
    }
}
