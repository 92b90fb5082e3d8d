package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** Writes CAP documents for tests: {@code Cap.alert("A1").with("status", "Test").bytes()}. */
record Cap(String xml) {
    static Cap alert(String identifier) {
        return new Cap("""
                <?xml version="1.0" encoding="UTF-8"?>
                <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
                  <identifier>%s</identifier>
                  <sender>weather@alder.example</sender>
                  <sent>2026-03-01T08:00:00-00:00</sent>
                  <status>Actual</status>
                  <msgType>Alert</msgType>
                  <scope>Public</scope>
                  <info>
                    <language>en-US</language>
                    <category>Met</category>
                    <event>Storm</event>
                    <urgency>Expected</urgency>
                    <severity>Severe</severity>
                    <certainty>Likely</certainty>
                    <expires>2026-03-01T12:00:00-00:00</expires>
                    <headline>Storm over Alder</headline>
                    <area>
                      <areaDesc>Alder</areaDesc>
                      <polygon>40.1,-70.2 40.2,-70.2 40.2,-70.1 40.1,-70.1 40.1,-70.2</polygon>
                    </area>
                  </info>
                </alert>
                """.formatted(identifier));
    }

    /** With the text of every such element replaced. */
    Cap with(String element, String text) {
        return replace("<" + element + ">[^<]*</", "<" + element + ">" + text + "</");
    }

    Cap without(String element) {
        return replace("\\s*<" + element + ">[^<]*</" + element + ">", "");
    }

    Cap before(String element, String xmlText) {
        return new Cap(xml.replaceFirst("<" + element + ">", xmlText + "<" + element + ">"));
    }

    Cap update(String ofIdentifier) {
        return about("Update", ofIdentifier);
    }

    Cap cancel(String ofIdentifier) {
        return about("Cancel", ofIdentifier);
    }

    private Cap about(String msgType, String identifier) {
        return with("msgType", msgType)
                .with("sent", "2026-03-01T08:30:00-00:00")
                .before(
                        "info",
                        "<references>weather@alder.example," + identifier
                                + ",2026-03-01T08:00:00-00:00</references>\n  ");
    }

    private Cap replace(String pattern, String text) {
        return new Cap(
                Pattern.compile(pattern).matcher(xml).replaceAll(java.util.regex.Matcher.quoteReplacement(text)));
    }

    byte[] bytes() {
        return xml.getBytes(UTF_8);
    }
}
