package org.conurb.hub;

import jakarta.servlet.Filter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Health;
import org.conurb.store.Migrations;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.UrlHandlerFilter;

/** Wires the hub. Without a {@link Standing} whoever came in may stay. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    ChangeSettings.class,
    EventSettings.class,
    NotificationSettings.class,
    TemporalSettings.class
})
@Import({ContextConfiguration.class, SubscriptionConfiguration.class, ImportConfiguration.class})
public class HubConfiguration {
    @Bean
    static Migrations hubMigrations() {
        return new Migrations("hub");
    }

    @Bean
    Model hubModel() {
        return Model.load();
    }

    @Bean
    public Changes changes(Transactions transactions, Clock clock, ChangeSettings settings) {
        return new Changes(transactions, clock, settings);
    }

    @Bean
    public Entities entities(Transactions transactions, Clock clock, Changes changes) {
        return new Entities(transactions, clock, changes);
    }

    @Bean
    EntityDoor entityDoor(Entities entities, Model model, Access access, Audit audit) {
        return new EntityDoor(entities, model, access, audit);
    }

    @Bean
    EntityRetrieval entityRetrieval(
            Transactions transactions, Entities entities, Model model, Access access, Clock clock) {
        return new EntityRetrieval(transactions, entities, new EntityFinder(transactions), model, access);
    }

    @Bean
    EntityController entityController(
            EntityDoor door,
            EntityRetrieval retrieval,
            Transactions transactions,
            Access access,
            Audit audit,
            Contexts contexts) {
        EntityPurge purge = new EntityPurge(door, retrieval, transactions, access, audit);
        return new EntityController(door, purge, contexts);
    }

    @Bean
    AttributeController attributeController(EntityDoor door, Contexts contexts) {
        return new AttributeController(door, contexts);
    }

    @Bean
    BatchController batchController(EntityDoor door, Audit audit, Contexts contexts) {
        return new BatchController(new EntityBatch(door, audit), contexts);
    }

    @Bean
    Expirations expirations(Transactions transactions, Entities entities, Audit audit, Clock clock) {
        Expirations expirations = new Expirations(transactions, entities, audit, clock);
        expirations.start();
        return expirations;
    }

    @Bean
    QueryController queryController(EntityRetrieval retrieval, Contexts contexts) {
        return new QueryController(retrieval, contexts);
    }

    @Bean
    OgcController ogcController(
            EntityRetrieval retrieval,
            Discovery discovery,
            Transactions transactions,
            Access access,
            Model model,
            Clock clock) {
        return new OgcController(retrieval, discovery, new OgcExtents(transactions, access, model), clock);
    }

    @Bean
    TemporalController temporalController(
            Transactions transactions,
            Model model,
            Access access,
            Audit audit,
            Contexts contexts,
            Clock clock,
            TemporalSettings settings) {
        return new TemporalController(
                new TemporalRetrieval(transactions, settings.instances(), model, access, clock),
                new TemporalDoor(transactions, model, access, audit, clock),
                contexts);
    }

    /**
     * NGSI-LD writes some of its paths with a slash at the end (GS CIM 009 clause 6.1), and clients of it do with all; as
     * GIS programs do with the landing page.
     */
    @Bean
    static Filter linkedDataPaths() {
        return UrlHandlerFilter.trailingSlashHandler("/ngsi-ld/v1/**", OgcLinks.ROOT + "/**")
                .wrapRequest()
                .build();
    }

    @Bean
    NgsiLdProblems ngsiLdProblems() {
        return new NgsiLdProblems();
    }

    @Bean
    EventStreams eventStreams(
            Transactions transactions,
            Changes changes,
            Access access,
            Model model,
            ObjectProvider<Standing> standing,
            EventSettings settings,
            Clock clock) {
        return new EventStreams(
                transactions,
                changes.sequencer(),
                access,
                model,
                standing.getIfAvailable(() -> caller -> true),
                settings,
                clock);
    }

    @Bean
    EventController eventController(EventStreams streams) {
        return new EventController(streams);
    }

    @Bean
    Oblivion oblivion(Transactions transactions, Model model) {
        return new Oblivion(transactions, model);
    }

    @Bean
    Retained hubChanges(Changes changes) {
        return changes.retained();
    }

    @Bean
    Retained hubPositions(Oblivion oblivion) {
        return oblivion.positions();
    }

    @Bean
    Retained hubUnits(Oblivion oblivion) {
        return oblivion.history("units");
    }

    @Bean
    Retained hubWarnings(Oblivion oblivion) {
        return oblivion.history("warnings");
    }

    @Bean
    Retained hubTalk(Oblivion oblivion) {
        return oblivion.history("talk");
    }

    @Bean
    Retained hubIncidents(Oblivion oblivion) {
        return oblivion.history("incidents");
    }

    @Bean
    Retained hubEntities(Oblivion oblivion) {
        return oblivion.history("entities");
    }

    @Bean
    Health hubSequencerHealth(Changes changes) {
        return () -> changes.sequencer().read();
    }

    /** The cursors in one: the worst of them. */
    @Bean
    Health hubCursorHealth(Changes changes, Clock clock) {
        Instant start = clock.instant();
        return () -> worst(changes, start);
    }

    @Bean
    Health hubExpirationHealth(Expirations expirations) {
        return expirations::read;
    }

    @Bean
    Health hubEventHealth(EventStreams streams) {
        return streams::read;
    }

    private static Health.Reading worst(Changes changes, Instant start) {
        List<Health.Reading> bad = new ArrayList<>();
        List<String> well = new ArrayList<>();
        for (Follower follower : changes.followers()) {
            Health.Reading reading = follower.read(changes.sequencer().last());
            if (reading.state() == Health.State.OK) {
                well.add(reading.component().substring("hub.cursor.".length()) + ": " + reading.detail());
            } else {
                bad.add(reading);
            }
        }
        return bad.isEmpty()
                ? new Health.Reading("hub.cursors", Health.State.OK, start, String.join(" ", well), "")
                : bad.getFirst();
    }
}
