package org.conurb.talk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Desk phones and other SIP devices.
 *
 * @param listen address that SIP and its voice listen on; empty for none, so that there is no SIP
 * @param published address that phones are told for voice, as that of a router which passes these ports on; empty for this
 *     machine's own
 * @param port of SIP by UDP and TCP; 0 for any that is free
 * @param tlsPort of SIP by TLS
 * @param firstMedia first UDP port of voice, one an even number for each call; 0 for any that are free
 * @param lastMedia last of them
 * @param key file of the key that seals the devices' secrets; made where there is none
 * @param certificate PEM file of the certificate chain for TLS; empty for one that we make, kept beside the key
 * @param certificateKey PEM file of its private key (PKCS #8)
 * @param voices command that starts the process which converts G.711; empty for none: phones need Opus then
 * @param roundTrip estimate of a round trip to phones, T1 of RFC 3261
 */
@ConfigurationProperties("conurb.talk.sip")
record SipSettings(
        @DefaultValue("") String listen,
        @DefaultValue("") String published,
        @DefaultValue("0") int port,
        @DefaultValue("0") int tlsPort,
        @DefaultValue("0") int firstMedia,
        @DefaultValue("0") int lastMedia,
        @DefaultValue("data/keys/sip.key") Path key,
        @DefaultValue("") String certificate,
        @DefaultValue("") String certificateKey,
        @DefaultValue List<String> voices,
        @DefaultValue("500ms") Duration roundTrip) {
    SipSettings {
        voices = List.copyOf(voices);
        if (firstMedia != 0 && (firstMedia < 1_024 || lastMedia > 65_535 || lastMedia - firstMedia < 2)) {
            throw new IllegalArgumentException(
                    "conurb.talk.sip.first-media (%d) and last-media (%d) are no range of ports from 1024 to 65535."
                            .formatted(firstMedia, lastMedia));
        }
        if (certificate.isEmpty() != certificateKey.isEmpty()) {
            throw new IllegalArgumentException(
                    "conurb.talk.sip.certificate and certificate-key come together. Give both, or none.");
        }
    }
}
