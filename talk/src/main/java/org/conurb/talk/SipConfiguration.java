package org.conurb.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Transactions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Wires the door of SIP phones. Needs calls, and who may take part; is absent where no address to listen on is set. */
@Configuration(proxyBeanMethods = false)
@Conditional(SipConfiguration.Listening.class)
@EnableConfigurationProperties(SipSettings.class)
public class SipConfiguration {
    static final class Listening implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("conurb.talk.sip.listen", "")
                    .isBlank();
        }
    }

    @Bean(initMethod = "start")
    SipAccounts sipAccounts(
            Transactions transactions,
            SipSettings settings,
            Participants participants,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        SecureRandom random = new SecureRandom();
        return new SipAccounts(
                transactions,
                SealingKey.open(settings.key(), "make each SIP account again", random),
                participants,
                access,
                audit,
                city.id(),
                ids,
                clock,
                random);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    SipDoor sipDoor(
            ControllingFunction site,
            Participants participants,
            SipAccounts accounts,
            SipSettings settings,
            City city,
            Clock clock)
            throws IOException {
        SecureRandom random = new SecureRandom();
        InetAddress listen = InetAddress.getByName(settings.listen());
        SipDoor.Place place = new SipDoor.Place(
                listen,
                settings.port(),
                settings.tlsPort(),
                Optional.of(tls(settings, city, clock, random)),
                settings.published().isEmpty()
                        ? Optional.empty()
                        : Optional.of(InetAddress.getByName(settings.published())),
                city.id(),
                settings.roundTrip());
        SipMedia media = new SipMedia(
                listen, settings.firstMedia(), settings.lastMedia(), new VoiceProcess(settings.voices()), random);
        SipDoor door = new SipDoor(place, site, participants, accounts, media, clock, random);
        accounts.onForgotten(door::forget);
        return door;
    }

    private static SSLContext tls(SipSettings settings, City city, Clock clock, SecureRandom random) {
        return settings.certificate().isEmpty()
                ? SipTls.own(settings.key().resolveSibling("sip-tls.p12"), city.id(), clock, random)
                : SipTls.of(Path.of(settings.certificate()), Path.of(settings.certificateKey()));
    }

    @Bean
    SipAccountController sipAccountController(
            SipAccounts accounts,
            SipDoor door,
            Participants participants,
            SipSettings settings,
            City city,
            Access access,
            Transactions transactions) {
        String host = settings.published().isEmpty() ? settings.listen() : settings.published();
        List<String> uris = new ArrayList<>();
        uris.add("sips:%s:%d".formatted(host, door.tlsPort()));
        uris.add("sip:%s:%d;transport=tcp".formatted(host, door.port()));
        uris.add("sip:%s:%d".formatted(host, door.port()));
        return new SipAccountController(accounts, participants, city.id(), uris, access, transactions);
    }
}
