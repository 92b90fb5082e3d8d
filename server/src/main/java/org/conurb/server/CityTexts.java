package org.conurb.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.City;

/** The city's languages, and words in them. */
final class CityTexts {
    private final CitySections sections;
    private final List<Locale> languages;
    private final List<String> tags;

    CityTexts(CitySections sections) {
        this.sections = sections;
        this.languages = read(sections.required("languages"));
        this.tags = languages.stream().map(Locale::toLanguageTag).toList();
    }

    /** The city's own language first; never empty. */
    List<Locale> languages() {
        return languages;
    }

    /**
     * Words: a text in the city's own language, or a map of language tags to texts that has the own one. Standard texts
     * are cut to the city's languages; where they lack the own one, the section is told as a fault.
     */
    City.Text text(CityValue value) {
        if (value.isAbsent()) {
            return City.Text.of(tags.getFirst(), CityValue.STAND_IN);
        }
        if (!value.isMap()) {
            return City.Text.of(tags.getFirst(), value.string());
        }
        boolean standard = sections.isStandard(value);
        Map<String, String> words = new LinkedHashMap<>();
        for (CityValue.Entry entry : value.entries()) {
            if (tags.contains(entry.name())) {
                words.put(entry.name(), entry.value().string());
            } else if (!standard) {
                entry.key()
                        .fault(
                                "%s is not one of the city's languages.".formatted(entry.name()),
                                CityNames.remedy(entry.name(), tags, "Add it to languages.")
                                        + " Or add it to languages.");
            }
        }
        if (!words.containsKey(tags.getFirst())) {
            missing(value, standard);
            words.putIfAbsent(tags.getFirst(), CityValue.STAND_IN);
        }
        return new City.Text(Map.copyOf(words));
    }

    private void missing(CityValue value, boolean standard) {
        String own = tags.getFirst();
        if (standard) {
            sections.root()
                    .fault(
                            "Sections are left out, and the standard ones have no texts in %s.".formatted(own),
                            "Write incident-types, priorities, unit-kinds, unit-statuses and purposes with texts in it.");
        } else {
            value.fault(
                    "The text in %s, the city's first language, is missing.".formatted(own),
                    "Add %s: … to it.".formatted(own));
        }
    }

    private static List<Locale> read(CityValue value) {
        Map<String, Locale> found = new LinkedHashMap<>();
        for (CityValue item : value.items()) {
            String tag = item.string();
            Optional<Locale> locale = CityForms.language(tag);
            if (item.isMap() || item.isList()) {
                continue;
            }
            if (locale.isEmpty()) {
                item.fault(
                        "%s is not a language tag.".formatted(tag), "Write a BCP 47 tag as en, fr, pt-BR or zh-Hant.");
            } else if (found.putIfAbsent(locale.get().toLanguageTag(), locale.get()) != null) {
                item.fault("%s stands here a second time.".formatted(tag), "Keep one of the two.");
            }
        }
        if (found.isEmpty()) {
            if (value.isList()) {
                value.fault("A city speaks at least one language.", "Write languages: [en], its own first.");
            }
            return List.of(Locale.ENGLISH);
        }
        return List.copyOf(found.values());
    }
}
