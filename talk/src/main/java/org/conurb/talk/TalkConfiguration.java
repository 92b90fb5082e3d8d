package org.conurb.talk;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.conurb.hub.Changes;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires groups, who is in them, and what they write to each other. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TalkSettings.class)
public class TalkConfiguration {
    @Bean
    static Migrations talkMigrations() {
        return new Migrations("talk");
    }

    @Bean
    UnitRoster talkUnits(Transactions transactions, Entities entities, Clock clock) {
        return new UnitRoster(transactions, entities, clock);
    }

    @Bean
    GroupRules talkGroupRules(City city, Access access) {
        return new GroupRules(city, access);
    }

    @Bean
    SiteParticipants talkParticipants(
            City city, UnitRoster roster, GroupRules rules, Access access, Transactions transactions) {
        return new SiteParticipants(city, roster, rules, access, transactions);
    }

    @Bean
    GroupMembers talkGroupMembers(City city, GroupRules rules, SiteParticipants participants, UnitRoster roster) {
        return new GroupMembers(city, rules, participants, roster);
    }

    @Bean
    GroupDirectory talkGroupDirectory(Transactions transactions, GroupMembers members, Clock clock) {
        return new GroupDirectory(transactions, members, clock);
    }

    @Bean
    StandingGroups standingTalkGroups(
            City city,
            Transactions transactions,
            GroupRules rules,
            GroupMembers members,
            SiteParticipants participants,
            UnitRoster roster,
            Entities entities,
            Clock clock) {
        return new StandingGroups(city, transactions, rules, members, participants, roster, entities, clock);
    }

    @Bean
    IncidentGroups incidentTalkGroups(
            City city,
            Transactions transactions,
            GroupDirectory directory,
            StandingGroups standing,
            GroupRules rules,
            GroupMembers members,
            SiteParticipants participants,
            UnitRoster roster,
            Entities entities,
            Audit audit,
            Ids ids,
            Clock clock) {
        return new IncidentGroups(
                city,
                transactions,
                directory,
                standing,
                rules,
                members,
                participants,
                roster,
                entities,
                audit,
                ids,
                clock);
    }

    @Bean
    TemporaryGroups temporaryTalkGroups(
            TalkSettings settings,
            Transactions transactions,
            GroupDirectory directory,
            GroupMembers members,
            SiteParticipants participants,
            Entities entities,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        return new TemporaryGroups(
                transactions,
                directory,
                members,
                participants,
                entities,
                access,
                audit,
                ids,
                clock,
                settings.temporaryGroups());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    EmergencyRecords talkEmergencies(
            Transactions transactions,
            SiteParticipants participants,
            GroupDirectory directory,
            Entities entities,
            Audit audit,
            Ids ids,
            Clock clock) {
        return new EmergencyRecords(transactions, participants, directory, entities, audit, ids, clock);
    }

    @Bean(initMethod = "start")
    TalkGroups talkGroups(
            UnitRoster roster,
            StandingGroups standing,
            GroupDirectory directory,
            IncidentGroups incidents,
            EmergencyRecords emergencies,
            Changes changes,
            ObjectProvider<ControllingFunction> site) {
        return new TalkGroups(roster, standing, directory, incidents, emergencies, changes, found(site));
    }

    @Bean
    TalkGroupController talkGroupController(
            GroupDirectory directory,
            TemporaryGroups temporary,
            SiteParticipants participants,
            TalkSettings settings,
            Access access,
            ObjectProvider<ControllingFunction> site) {
        return new TalkGroupController(
                directory, temporary, participants, new LocationRate(settings.locationEvery()), access, found(site));
    }

    @Bean
    TalkMessages talkMessages(
            Transactions transactions,
            GroupDirectory directory,
            GroupRules rules,
            SiteParticipants participants,
            City city,
            Access access,
            Audit audit,
            Clock clock) {
        return new TalkMessages(transactions, directory, rules, participants, city, access, audit, clock);
    }

    @Bean
    Attachments talkAttachments(
            Transactions transactions,
            TalkMessages messages,
            TalkSettings settings,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        AttachmentFiles files =
                new AttachmentFiles(settings.folder(), settings.largest().toBytes());
        return new Attachments(transactions, files, messages, access, audit, ids, clock);
    }

    @Bean
    MessageController talkMessageController(
            TalkMessages messages,
            Attachments attachments,
            SiteParticipants participants,
            Access access,
            Transactions transactions) {
        return new MessageController(messages, attachments, participants, access, transactions);
    }

    @Bean
    Retained talkMessagesRetained(Attachments attachments) {
        return attachments.retained();
    }

    @Bean
    Retained talkAttachmentsRetained(Attachments attachments, TalkSettings settings) {
        return attachments.unsent(settings.unsent());
    }

    @Bean
    Retained talkGroupsRetained(Transactions transactions, Entities entities) {
        return TalkGroups.retained(transactions, entities);
    }

    @Bean
    Retained talkEmergenciesRetained(EmergencyRecords emergencies) {
        return emergencies.retained();
    }

    private static Supplier<Optional<ControllingFunction>> found(ObjectProvider<ControllingFunction> site) {
        return () -> Optional.ofNullable(site.getIfAvailable());
    }
}
