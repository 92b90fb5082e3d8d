package org.conurb.warnings;

import java.time.Clock;
import java.util.List;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.outbound.OutboundHttp;
import org.conurb.store.Migrations;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this room. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WarningsSettings.class)
public class WarningsConfiguration {
    @Bean
    static Migrations warningsMigrations() {
        return new Migrations("warnings");
    }

    @Bean
    Warnings warnings(
            Transactions transactions,
            Entities entities,
            Access access,
            Audit audit,
            WarningsSettings settings,
            Ids ids,
            Clock clock) {
        return new Warnings(transactions, entities, access, audit, settings, ids, clock);
    }

    @Bean
    WarningSources warningSources(
            City city,
            OutboundHttp http,
            Transactions transactions,
            Warnings warnings,
            WarningsSettings settings,
            Clock clock) {
        List<Source> sources = city.warningSources().stream()
                .map(configured -> source(configured, http, transactions, warnings, settings))
                .toList();
        return new WarningSources(sources, warnings, settings, clock);
    }

    private static Source source(
            City.WarningSource configured,
            OutboundHttp http,
            Transactions transactions,
            Warnings warnings,
            WarningsSettings settings) {
        return CapReader.isLink(configured.location())
                ? new FeedSource(configured, http, transactions, warnings, settings.feedMaxBytes())
                : new FolderSource(configured, transactions, warnings, settings.keepFiles());
    }

    @Bean
    Retained warningsRetained(Warnings warnings) {
        return warnings.retained();
    }

    @Bean
    WarningController warningController(Warnings warnings, Access access, Transactions transactions) {
        return new WarningController(warnings, access, transactions);
    }
}
