package org.conurb.demo;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What crews say on the radio, behind their call sign: in English, spelled in {@link Phone}s. */
enum Phrase {
    ON_THE_WAY("on the way", "AA1 N DH AX W EY1"),
    ON_SCENE("on scene", "AA1 N S IY1 N"),
    UNDER_CONTROL("situation under control", "S IH CH UW EY1 SH AX N , AH1 N D ER K AX N T R OW1 L"),
    HELP("we need help, send one more unit", "W IY N IY1 D HH EH1 L P , S EH1 N D W AH1 N M AO1 R Y UW1 N IH T"),
    TO_HOSPITAL("patient on board, to hospital", "P EY1 SH AX N T AA N B AO1 R D , T UW HH AA1 S P IH T AX L"),
    UNDERSTOOD("understood", "AH N D ER S T UH1 D"),
    GO_AHEAD("go ahead", "G OW1 AX HH EH1 D"),
    SAY_AGAIN("say again", "S EY1 AX G EH1 N");

    /** Letters and digits as radio operators of all countries spell them (ITU Radio Regulations, appendix 14). */
    private static final Map<String, String> SPELLED = new TreeMap<>(Map.ofEntries(
            Map.entry("a", "AE1 L F AX"),
            Map.entry("b", "B R AA1 V OW"),
            Map.entry("c", "CH AA1 R L IY"),
            Map.entry("d", "D EH1 L T AX"),
            Map.entry("e", "EH1 K OW"),
            Map.entry("f", "F AA1 K S T R AA T"),
            Map.entry("g", "G AO1 L F"),
            Map.entry("h", "HH OW T EH1 L"),
            Map.entry("i", "IH1 N D IY AX"),
            Map.entry("j", "JH UW1 L IY EH T"),
            Map.entry("k", "K IY1 L OW"),
            Map.entry("l", "L IY1 M AX"),
            Map.entry("m", "M AY1 K"),
            Map.entry("n", "N OW V EH1 M B ER"),
            Map.entry("o", "AO1 S K ER"),
            Map.entry("p", "P AX P AA1"),
            Map.entry("q", "K EH B EH1 K"),
            Map.entry("r", "R OW1 M IY OW"),
            Map.entry("s", "S IY EH1 R AX"),
            Map.entry("t", "T AE1 NG G OW"),
            Map.entry("u", "Y UW1 N IH F AO R M"),
            Map.entry("v", "V IH1 K T ER"),
            Map.entry("w", "W IH1 S K IY"),
            Map.entry("x", "EH1 K S R EY"),
            Map.entry("y", "Y AE1 NG K IY"),
            Map.entry("z", "Z UW1 L UW"),
            Map.entry("0", "Z IY1 R OW"),
            Map.entry("1", "W AH1 N"),
            Map.entry("2", "T UW1"),
            Map.entry("3", "TH R IY1"),
            Map.entry("4", "F AO1 R"),
            Map.entry("5", "F AY1 V"),
            Map.entry("6", "S IH1 K S"),
            Map.entry("7", "S EH1 V AX N"),
            Map.entry("8", "EY1 T"),
            Map.entry("9", "N AY1 N ER")));

    private final String words;
    private final String phones;

    Phrase(String words, String phones) {
        this.words = words;
        this.phones = phones;
    }

    String words() {
        return words;
    }

    /** Name of its clip. */
    String clip() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Phones of every clip that there is, by its name: all phrases, letters and digits. */
    static Map<String, String> clips() {
        Map<String, String> clips = new TreeMap<>(SPELLED);
        for (Phrase phrase : values()) {
            clips.put(phrase.clip(), phrase.phones);
        }
        return clips;
    }
}
