package org.conurb.audit;

import java.security.SecureRandom;
import java.time.Clock;
import org.conurb.kernel.Access;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.store.Migrations;
import org.conurb.store.Transactions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The audit log's parts, from the program's transactions, clock, ids, city and access. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditSettings.class)
public class AuditConfiguration {
    @Bean
    Migrations auditMigrations() {
        return new Migrations("audit");
    }

    @Bean
    LogKey auditKey(AuditSettings settings, City city) {
        String origin = settings.origin().isEmpty() ? city.id() + ".conurb/audit" : settings.origin();
        LogKey key = new LogKey(origin, KeyFile.open(settings.key()));
        KeyFile.publish(settings.key(), key.verifier());
        return key;
    }

    @Bean
    SequencerLoop auditSequencer(Transactions transactions, LogKey auditKey, Clock clock, AuditSettings settings) {
        return new SequencerLoop(new Sequencer(transactions, auditKey, clock, settings), clock, settings.batch());
    }

    @Bean
    public AuditLog auditLog(Transactions transactions, Clock clock, Ids ids, City city, SequencerLoop auditSequencer) {
        return new AuditLog(transactions, clock, ids, new SecureRandom(), city.id(), auditSequencer);
    }

    @Bean
    AuditController auditController(Transactions transactions, Access access, LogKey auditKey) {
        return new AuditController(transactions, access, auditKey);
    }
}
