package org.conurb.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What crews say, as Opus packets of 20 ms each, put together from the clips that {@link VoiceMaker} made. */
final class Speech {
    private final Map<Voice, Map<String, List<byte[]>>> clips = new EnumMap<>(Voice.class);

    private Speech() {}

    static Speech load() {
        Speech speech = new Speech();
        for (Voice voice : Voice.values()) {
            try (InputStream in = Speech.class.getResourceAsStream("/voices/" + voice.code() + ".opus")) {
                if (in == null) {
                    throw new IllegalStateException("There is no voice " + voice + ".");
                }
                speech.clips.put(voice, OggOpus.read(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return speech;
    }

    /** The call sign, letter by letter and digit by digit, then the phrase, in the voice of that crew. */
    List<byte[]> of(String callSign, Phrase phrase) {
        Map<String, List<byte[]>> voice = clips.getOrDefault(Voice.of(callSign), Map.of());
        List<byte[]> packets = new ArrayList<>();
        for (char letter : callSign.toLowerCase(Locale.ROOT).toCharArray()) {
            packets.addAll(voice.getOrDefault(String.valueOf(letter), List.of()));
        }
        packets.addAll(voice.getOrDefault(phrase.clip(), List.of()));
        return packets;
    }
}
