package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types of answers, first choice first (GS CIM 009 clause 6.3.4). */
enum AnswerType {
    JSON("application/json"),
    LINKED("application/ld+json"),
    GEO("application/geo+json");

    private static final int MAX_RANGES = 50;

    private final String mediaType;

    AnswerType(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /**
     * What the client accepts and is offered: by weight, then in the order of this list; each type weighs what the closest
     * range says that names it (RFC 9110 §12.5.1).
     *
     * @throws NgsiLdFault where nothing that is offered is accepted
     */
    static AnswerType of(HttpServletRequest request, AnswerType... offered) {
        String accept = String.join(",", Collections.list(request.getHeaders("Accept")));
        if (accept.isBlank()) {
            return offered[0];
        }
        List<String> ranges = List.of(accept.toLowerCase(Locale.ROOT).split(",", MAX_RANGES));
        AnswerType best = null;
        double most = 0;
        for (AnswerType type : offered) {
            double weight = type.weight(ranges);
            if (weight > most) {
                best = type;
                most = weight;
            }
        }
        if (best == null) {
            throw NgsiLdFault.notAcceptable(accept, offered);
        }
        return best;
    }

    private double weight(List<String> ranges) {
        double weight = 0;
        int closest = 0;
        for (String range : ranges) {
            String[] parts = range.split(";", -1);
            String name = parts[0].strip();
            int close = name.equals(mediaType) ? 3 : name.equals("application/*") ? 2 : name.equals("*/*") ? 1 : 0;
            if (close > closest) {
                closest = close;
                weight = weight(parts);
            }
        }
        return weight;
    }

    private static double weight(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                Double weight = number(parameter.substring(2));
                return weight == null ? 1 : weight;
            }
        }
        return 1;
    }

    private static @Nullable Double number(String text) {
        return text.matches("[01](\\.\\d{0,3})?") ? (Double) Double.parseDouble(text) : null;
    }
}
