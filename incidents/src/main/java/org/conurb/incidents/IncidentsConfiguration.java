package org.conurb.incidents;

import java.time.Clock;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.conurb.streets.Streets;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this room. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IncidentsSettings.class)
public class IncidentsConfiguration {
    @Bean
    static Migrations incidentsMigrations() {
        return new Migrations("incidents");
    }

    @Bean
    Timeline timeline(Transactions transactions, Ids ids, Clock clock) {
        return new Timeline(new TimelineStore(transactions.jdbc()), ids, clock);
    }

    @Bean
    Units units(
            Transactions transactions,
            Timeline timeline,
            Entities entities,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        return new Units(transactions, timeline, entities, access, audit, city, ids, clock);
    }

    @Bean
    Incidents incidents(
            Transactions transactions,
            Units units,
            Timeline timeline,
            Entities entities,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        return new Incidents(transactions, units, timeline, entities, access, audit, city, ids, clock);
    }

    @Bean
    Retained incidentsRetained(Incidents incidents) {
        return incidents.retained();
    }

    @Bean
    IncidentController incidentController(
            Incidents incidents,
            Units units,
            Timeline timeline,
            Duplicates duplicates,
            Access access,
            Transactions transactions) {
        return new IncidentController(incidents, units, timeline, duplicates, access, transactions);
    }

    @Bean
    UnitController unitController(Units units, Incidents incidents, Access access, Transactions transactions) {
        return new UnitController(units, incidents, access, transactions);
    }

    @Bean
    Proposals proposals(Incidents incidents, Units units, Streets streets, Access access, City city, Clock clock) {
        return new Proposals(incidents, units, streets, access, city, clock);
    }

    @Bean
    Duplicates duplicates(Incidents incidents, Units units, City city, IncidentsSettings settings, Clock clock) {
        return new Duplicates(incidents, units, city, settings, clock);
    }

    @Bean
    DispatchController dispatchController(
            Incidents incidents, Proposals proposals, Duplicates duplicates, Access access, Transactions transactions) {
        return new DispatchController(incidents, proposals, duplicates, access, transactions);
    }
}
