package org.conurb.agreements;

import java.time.Clock;
import org.conurb.kernel.Audit;
import org.conurb.kernel.CaseStatus;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this room. Case status comes from a room above, which needs {@code Access} itself: it is asked for when used. */
@Configuration(proxyBeanMethods = false)
public class AgreementsConfiguration {
    @Bean
    static Migrations agreementsMigrations() {
        return new Migrations("agreements");
    }

    @Bean
    Rules agreementRules(City city) {
        return new Rules(city);
    }

    @Bean
    Remembered rememberedGrants(Transactions transactions) {
        return new Remembered(transactions);
    }

    @Bean
    Purposes purposes(
            City city,
            Rules rules,
            Transactions transactions,
            Remembered remembered,
            Audit audit,
            ObjectProvider<CaseStatus> cases,
            Clock clock,
            Ids ids) {
        return new Purposes(city, rules, transactions, remembered, audit, cases::getObject, clock, ids);
    }

    @Bean
    Grants grants(
            City city,
            Rules rules,
            Purposes purposes,
            Remembered remembered,
            Transactions transactions,
            Audit audit,
            Clock clock,
            Ids ids) {
        return new Grants(city, rules, purposes, remembered, transactions, audit, clock, ids);
    }

    /** Nothing is seen under a grant that is over; the audit log keeps that it was. */
    @Bean
    Retained grantsRetained(Transactions transactions) {
        return Retained.by("grants", "grants", new GrantRows(transactions.jdbc())::forget);
    }

    /** The decision point. */
    @Bean
    public Agreements agreements(Rules rules, Purposes purposes) {
        return new Agreements(rules, purposes);
    }

    @Bean
    GrantController grantController(Grants grants, Agreements agreements, Transactions transactions) {
        return new GrantController(grants, agreements, transactions);
    }
}
