package org.conurb.warnings;

import static org.conurb.warnings.CapElement.holding;
import static org.conurb.warnings.CapElement.of;

import java.util.List;

/**
 * The structure of a CAP 1.2 alert (OASIS CAP-v1.2, sections 3.2 and 3.4). A test holds it against the normative XSD
 * over real alerts and thousands of mutations of them.
 */
final class CapSchema {
    static final String NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2";
    static final String SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#";

    private static final CapText TEXT = new CapText.Free();
    private static final CapText MOMENT = new CapText.DateTime();
    private static final CapText NUMBER = new CapText.Figure(false);

    static final CapText STATUS = oneOf("Actual", "Exercise", "System", "Test", "Draft");
    static final CapText MESSAGE = oneOf("Alert", "Update", "Cancel", "Ack", "Error");
    static final CapText CATEGORY = oneOf(
            "Geo",
            "Met",
            "Safety",
            "Security",
            "Rescue",
            "Fire",
            "Health",
            "Env",
            "Transport",
            "Infra",
            "CBRNE",
            "Other");
    static final CapText URGENCY = oneOf("Immediate", "Expected", "Future", "Past", "Unknown");
    static final CapText SEVERITY = oneOf("Extreme", "Severe", "Moderate", "Minor", "Unknown");
    static final CapText CERTAINTY = oneOf("Observed", "Likely", "Possible", "Unlikely", "Unknown");

    private static final CapElement AREA = holding(
                    "area",
                    of("areaDesc", TEXT),
                    of("polygon", TEXT).optional().repeated(),
                    of("circle", TEXT).optional().repeated(),
                    named("geocode"),
                    of("altitude", NUMBER).optional(),
                    of("ceiling", NUMBER).optional())
            .optional()
            .repeated();

    private static final CapElement RESOURCE = holding(
                    "resource",
                    of("resourceDesc", TEXT),
                    of("mimeType", TEXT),
                    of("size", new CapText.Figure(true)).optional(),
                    of("uri", new CapText.Uri()).optional(),
                    of("derefUri", TEXT).optional(),
                    of("digest", TEXT).optional())
            .optional()
            .repeated();

    private static final CapElement INFO = holding(
                    "info",
                    of("language", new CapText.Language()).optional(),
                    of("category", CATEGORY).repeated(),
                    of("event", TEXT),
                    of(
                                    "responseType",
                                    oneOf(
                                            "Shelter",
                                            "Evacuate",
                                            "Prepare",
                                            "Execute",
                                            "Avoid",
                                            "Monitor",
                                            "Assess",
                                            "AllClear",
                                            "None"))
                            .optional()
                            .repeated(),
                    of("urgency", URGENCY),
                    of("severity", SEVERITY),
                    of("certainty", CERTAINTY),
                    of("audience", TEXT).optional(),
                    named("eventCode"),
                    of("effective", MOMENT).optional(),
                    of("onset", MOMENT).optional(),
                    of("expires", MOMENT).optional(),
                    of("senderName", TEXT).optional(),
                    of("headline", TEXT).optional(),
                    of("description", TEXT).optional(),
                    of("instruction", TEXT).optional(),
                    of("web", new CapText.Uri()).optional(),
                    of("contact", TEXT).optional(),
                    named("parameter"),
                    RESOURCE,
                    AREA)
            .optional()
            .repeated();

    static final CapElement ALERT = holding(
            "alert",
            of("identifier", TEXT),
            of("sender", TEXT),
            of("sent", MOMENT),
            of("status", STATUS),
            of("msgType", MESSAGE),
            of("source", TEXT).optional(),
            of("scope", oneOf("Public", "Restricted", "Private")),
            of("restriction", TEXT).optional(),
            of("addresses", TEXT).optional(),
            of("code", TEXT).optional().repeated(),
            of("note", TEXT).optional(),
            of("references", TEXT).optional(),
            of("incidents", TEXT).optional(),
            INFO);

    private CapSchema() {}

    private static CapElement named(String name) {
        return holding(name, of("valueName", TEXT), of("value", TEXT))
                .optional()
                .repeated();
    }

    private static CapText oneOf(String... values) {
        return new CapText.OneOf(List.of(values));
    }
}
