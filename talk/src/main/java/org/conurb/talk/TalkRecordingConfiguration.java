package org.conurb.talk;

import java.time.Clock;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.conurb.audit.EvidenceExports;
import org.conurb.audit.EvidenceRoom;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.kernel.SiteKey;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/** Wires recording, playing back and export of talk. Needs the schema, and who takes part. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TalkRecordingSettings.class, TalkExportSettings.class})
public class TalkRecordingConfiguration {
    @Bean
    TalkFolder talkFolder(TalkRecordingSettings settings) {
        return new TalkFolder(settings.folder());
    }

    @Bean
    SpurtRecovery spurtRecovery(
            TalkFolder folder,
            Transactions transactions,
            ObjectProvider<SpurtBook> book,
            ObjectProvider<TalkRecorder> recorder,
            Audit audit) {
        Predicate<UUID> running = id -> recorder.getObject().writes(id);
        return new SpurtRecovery(folder, transactions, spurt -> book.getObject().seal(spurt), audit, running);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    SpurtBook spurtBook(
            Transactions transactions, Entities entities, Audit audit, Clock clock, SpurtRecovery recovery) {
        recovery.snapshot(clock.instant());
        return new SpurtBook(transactions, entities, audit, clock, recovery);
    }

    /** Whoever decides over talks tells it. */
    @Bean(initMethod = "start", destroyMethod = "close")
    TalkRecorder talkRecorder(
            City city,
            ObjectProvider<Participants> participants,
            TalkFolder folder,
            TalkRecordingSettings settings,
            SpurtBook book,
            Clock clock) {
        Supplier<@Nullable Participants> known = SingletonSupplier.ofNullable(participants::getIfAvailable);
        return new TalkRecorder(
                city.id(),
                who -> name(known.get(), who),
                folder,
                settings,
                TalkRecorder.Room.of(folder),
                book,
                clock,
                System::nanoTime);
    }

    private static String name(@Nullable Participants participants, Participant who) {
        return participants == null ? who.mcpttId() : participants.name(who);
    }

    @Bean
    TalkRecordingHealth talkRecordingHealth(
            TalkRecorder recorder, SpurtBook book, SpurtRecovery recovery, Clock clock) {
        return new TalkRecordingHealth(recorder, book, recovery, clock);
    }

    @Bean
    Retained retainedSpurts(Transactions transactions, Entities entities, TalkFolder folder) {
        return new SpurtRetention(transactions, entities, folder).retained();
    }

    @Bean
    Spurts talkSpurts(Transactions transactions, TalkFolder folder, Access access, Audit audit) {
        return new Spurts(transactions, folder, access, audit);
    }

    @Bean
    SpurtController spurtController(Spurts spurts, Access access, Transactions transactions) {
        return new SpurtController(spurts, access, transactions);
    }

    @Bean
    TalkHolds talkHolds(Transactions transactions, Ids ids, Clock clock) {
        return new TalkHolds(transactions, ids, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    EvidenceExports talkExports(
            Transactions transactions,
            Spurts spurts,
            TalkHolds holds,
            TalkFolder folder,
            TalkExportSettings settings,
            Access access,
            Audit audit,
            SiteKey key,
            City city,
            Ids ids,
            Clock clock) {
        return new EvidenceExports(
                transactions,
                new SpurtEvidence(transactions, spurts, holds, folder, access),
                new EvidenceRoom.Seal(key, city.id()),
                settings.evidence(),
                access,
                audit,
                ids,
                clock);
    }

    @Bean
    TalkExportController talkExportController(
            @Qualifier("talkExports") EvidenceExports exports,
            Spurts spurts,
            Access access,
            Transactions transactions) {
        return new TalkExportController(exports, spurts, access, transactions);
    }
}
