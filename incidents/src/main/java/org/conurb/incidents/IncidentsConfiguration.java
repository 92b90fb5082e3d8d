package org.conurb.incidents;

import java.time.Clock;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Transactions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this room. */
@Configuration(proxyBeanMethods = false)
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
    IncidentController incidentController(
            Incidents incidents, Units units, Timeline timeline, Access access, Transactions transactions) {
        return new IncidentController(incidents, units, timeline, access, transactions);
    }

    @Bean
    UnitController unitController(Units units, Access access, Transactions transactions) {
        return new UnitController(units, access, transactions);
    }
}
