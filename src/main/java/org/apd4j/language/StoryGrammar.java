package org.apd4j.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apd4j.math.RandomStream;

/**
 * A small grammar of children's stories. What a model must find out to continue one is known for every word: who the story is about, whether that is a
 * girl or a boy, which thing it has, and whether it is sad.
 *
 * <pre>{@code
 * StoryGrammar grammar = StoryGrammar.of(0);
 * List<String> stories = grammar.stories(1_000);
 * List<StoryGrammar.Word> words = grammar.story(0);
 * System.out.println(words.get(0).text() + " in a story of a " + (words.get(0).girl() ? "girl" : "boy"));
 * }</pre>
 *
 * <p>Stories are numbered; a story depends on its number and the seed alone.
 *
 * @param seed of all choices
 */
public record StoryGrammar(long seed) {

    private static final List<String> GIRLS = List.of("Anna", "Lily", "Mia", "Sue");
    private static final List<String> BOYS = List.of("Ben", "Max", "Tom", "Sam");
    private static final List<String> THINGS = List.of("ball", "kite", "book", "hat", "doll", "drum", "boat", "bear");
    private static final List<String> COLOURS = List.of("red", "blue", "green", "big", "small", "new");
    private static final List<String> PLACES = List.of("park", "zoo", "school", "beach", "farm", "lake");

    /** What kind of word it is. */
    public enum Kind {
        /** A girl or a boy. */
        NAME,
        /** Stands for the girl or the boy, or for what is theirs. */
        PRONOUN,
        /** What the story is about. */
        THING,
        /** What the thing is like. */
        COLOUR,
        /** Where the story happens. */
        PLACE,
        /** The end of a sentence. */
        STOP,
        /** Any other word. */
        OTHER
    }

    /**
     * A word of a story, and what is known where it stands.
     *
     * @param text  the word, or a full stop
     * @param kind  what kind of word it is
     * @param girl  whether the story is about a girl
     * @param sad   whether she or he has lost the thing and not got it back by this word
     * @param thing number of the story's thing, below {@link #things}
     */
    public record Word(String text, Kind kind, boolean girl, boolean sad, int thing) { }

    /** Returns a grammar. */
    public static StoryGrammar of(long seed) {
        return new StoryGrammar(seed);
    }

    /** Returns the things that stories are about. */
    public static List<String> things() {
        return THINGS;
    }

    /** Returns stories 0 to {@code count − 1} as text. */
    public List<String> stories(int count) {
        return IntStream.range(0, count).mapToObj(number -> story(number).stream().map(Word::text).collect(Collectors.joining(" "))).toList();
    }

    /** Returns a story, word by word. */
    public List<Word> story(int number) {
        return new Telling(RandomStream.of(seed, number)).tell();
    }

    /** A story that is being told. */
    private static final class Telling {

        private final RandomStream random;
        private final boolean girl;
        private final String hero;
        private final String friend;
        private final String thing;
        private final String colour;
        private final String place;
        private final List<Word> words = new ArrayList<>();
        private boolean sad;

        Telling(RandomStream random) {
            this.random = random;
            girl = random.nextInt(2) == 0;
            hero = one(girl ? GIRLS : BOYS);
            String other = one(random.nextInt(2) == 0 ? GIRLS : BOYS);
            while (other.equals(hero)) {
                other = one(random.nextInt(2) == 0 ? GIRLS : BOYS);
            }
            friend = other;
            thing = one(THINGS);
            colour = one(COLOURS);
            place = one(PLACES);
        }

        private String one(List<String> all) {
            return all.get(random.nextInt(all.size()));
        }

        private boolean isHeads() {
            return random.nextInt(2) == 0;
        }

        List<Word> tell() {
            say(isHeads() ? "one day HERO went to the PLACE" : "HERO was at the PLACE");
            say(isHeads() ? "SHE had a COLOUR THING" : "SHE found a COLOUR THING");
            if (isHeads()) {
                say("SHE liked HER COLOUR THING");
            }
            switch (random.nextInt(3)) {
                case 0 -> {
                    sad = true;
                    say("then SHE lost the THING");
                    say(isHeads() ? "HERO was very sad" : "SHE was sad and looked for HER THING");
                    say("FRIEND came and found the THING", 4);
                    say("SHE was happy again");
                }
                case 1 -> {
                    say("FRIEND came to the PLACE");
                    say("HERO gave the THING to FRIEND");
                    say("they played with the COLOUR THING");
                }
                default -> {
                    say("then HERO played with the THING at the PLACE");
                    say("SHE was very happy");
                }
            }
            say(isHeads() ? "HERO went home with HER THING" : "then SHE went home");
            return List.copyOf(words);
        }

        private void say(String sentence) {
            say(sentence, Integer.MAX_VALUE);
        }

        /** @param found the number of the word with which the thing is there again */
        private void say(String sentence, int found) {
            String[] symbols = sentence.split(" ");
            for (int i = 0; i < symbols.length; i++) {
                sad = sad && i < found;
                add(symbols[i], i == 0);
            }
            words.add(word(".", Kind.STOP));
        }

        private void add(String symbol, boolean isFirst) {
            words.add(switch (symbol) {
                case "HERO" -> word(hero, Kind.NAME);
                case "FRIEND" -> word(friend, Kind.NAME);
                case "SHE" -> word(capital(girl ? "she" : "he", isFirst), Kind.PRONOUN);
                case "HER" -> word(girl ? "her" : "his", Kind.PRONOUN);
                case "THING" -> word(thing, Kind.THING);
                case "COLOUR" -> word(colour, Kind.COLOUR);
                case "PLACE" -> word(place, Kind.PLACE);
                default -> word(capital(symbol, isFirst), Kind.OTHER);
            });
        }

        private static String capital(String word, boolean isFirst) {
            return isFirst ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) : word;
        }

        private Word word(String text, Kind kind) {
            return new Word(text, kind, girl, sad, THINGS.indexOf(thing));
        }
    }
}
