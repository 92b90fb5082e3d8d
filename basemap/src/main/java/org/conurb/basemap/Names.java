package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector.Feature;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names as the style reads them: local, per language of the console, and the script the local one is written in. */
final class Names {
    private static final List<String> LANGUAGES = List.of("en", "fr", "es", "zh", "ar");
    private static final EnumSet<UnicodeScript> KANA = EnumSet.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);

    private Names() {}

    static boolean named(SourceFeature element) {
        return element.hasTag("name");
    }

    /** Sets the names, from {@code minZoom} on, where the element has any. */
    static Feature put(Feature feature, SourceFeature element, int minZoom) {
        String name = element.getString("name");
        if (name == null) {
            return feature;
        }
        feature.setAttrWithMinzoom("name", name, minZoom);
        script(name).ifPresent(script -> feature.setAttrWithMinzoom("script", script, minZoom));
        for (String language : LANGUAGES) {
            feature.setAttrWithMinzoom("name:" + language, element.getTag("name:" + language), minZoom);
        }
        // the style knows Chinese only by its two scripts
        for (String chinese : List.of("name:zh-Hans", "name:zh-Hant")) {
            feature.setAttrWithMinzoom(chinese, element.getTag(chinese, element.getTag("name:zh")), minZoom);
        }
        return feature;
    }

    /** The script of the name's letters, in the style's words; empty for Latin, which the style takes for granted. */
    static Optional<String> script(String name) {
        EnumSet<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        name.codePoints()
                .filter(Character::isLetter)
                .mapToObj(UnicodeScript::of)
                .forEach(scripts::add);
        scripts.remove(UnicodeScript.LATIN);
        scripts.remove(UnicodeScript.COMMON);
        scripts.remove(UnicodeScript.INHERITED);
        if (scripts.size() > 1 && scripts.stream().anyMatch(KANA::contains)) {
            return Optional.of("Mixed-Japanese");
        }
        return scripts.stream().findFirst().map(script -> title(script.name()));
    }

    private static String title(String word) {
        return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
    }
}
