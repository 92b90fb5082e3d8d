package org.conurb.streets;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts names into words that can be compared: accents and case folded, letters of one's own spelt out, Han and kana one
 * sign a word as they are written without spaces.
 */
final class Words {
    private static final String[][] SPELT = {
        {"ß", "ss"},
        {"œ", "oe"},
        {"æ", "ae"},
        {"ø", "o"},
        {"ł", "l"},
        {"đ", "d"},
        {"ð", "d"},
        {"þ", "th"},
        {"ı", "i"},
        {"ة", "ه"},
        {"ى", "ي"},
        {"ـ", ""}
    };

    private Words() {}

    static String fold(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT);
        for (String[] pair : SPELT) {
            folded = folded.replace(pair[0], pair[1]);
        }
        return folded;
    }

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        fold(text).codePoints().forEach(sign -> {
            boolean alone = Character.isIdeographic(sign)
                    || Character.UnicodeScript.of(sign) == Character.UnicodeScript.HIRAGANA
                    || Character.UnicodeScript.of(sign) == Character.UnicodeScript.KATAKANA;
            if (alone || !Character.isLetterOrDigit(sign)) {
                end(word, words);
            }
            if (alone) {
                words.add(Character.toString(sign));
            } else if (Character.isLetterOrDigit(sign)) {
                word.appendCodePoint(sign);
            }
        });
        end(word, words);
        return words;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /**
     * Whether what was typed is one letter (added, missing, other, or two swapped) away from the word or its beginning.
     */
    static boolean nearly(String typed, String word) {
        int same = 0;
        int most = Math.min(typed.length(), word.length());
        while (same < most && typed.charAt(same) == word.charAt(same)) {
            same++;
        }
        if (same == typed.length()) {
            return true;
        }
        String rest = typed.substring(same + 1);
        if (same == word.length()) {
            return rest.isEmpty();
        }
        return word.startsWith(rest, same + 1) // another letter
                || word.startsWith(rest, same) // one too many
                || word.startsWith(typed.substring(same), same + 1) // one missing
                || same + 1 < typed.length()
                        && same + 1 < word.length()
                        && typed.charAt(same) == word.charAt(same + 1)
                        && typed.charAt(same + 1) == word.charAt(same)
                        && word.startsWith(typed.substring(same + 2), same + 2);
    }
}
