package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires import. Without a {@link City}, moments without a zone are taken for UTC. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ImportSettings.class)
class ImportConfiguration {
    /** So long a run can be undone and its report read. */
    private static final Duration UNDOABLE = Duration.ofDays(30);

    /** So long a file waits to be started. */
    private static final Duration WAITS = Duration.ofDays(1);

    @Bean
    ImportFiles importFiles(ImportSettings settings) {
        return new ImportFiles(settings.folder(), settings.mostBytes().toBytes());
    }

    @Bean
    ImportWork importWork(
            Transactions transactions,
            ImportFiles files,
            EntityDoor door,
            Access access,
            Audit audit,
            ObjectProvider<Standing> standing,
            Clock clock) {
        ImportWork work = new ImportWork(
                transactions, files, door, access, audit, standing.getIfAvailable(() -> caller -> true), clock);
        work.start();
        return work;
    }

    @Bean
    ImportController importController(
            Transactions transactions,
            ImportFiles files,
            ImportWork work,
            Entities entities,
            Model model,
            Access access,
            Audit audit,
            Ids ids,
            ObjectProvider<City> city) {
        City here = city.getIfAvailable();
        ZoneId zone = here == null ? ZoneOffset.UTC : here.timeZone();
        return new ImportController(new Imports(transactions, files, work, entities, model, access, audit, ids, zone));
    }

    @Bean
    Retained importRuns(Transactions transactions) {
        return Retained.during(UNDOABLE, "imports", new ImportStore(transactions)::forget);
    }

    @Bean
    Retained importFilesNeverStarted(Transactions transactions, ImportFiles files) {
        return Retained.during(WAITS, "files to be imported", before -> {
            List<OrganisationId> owners = new ArrayList<>();
            List<UUID> gone = new ImportStore(transactions).forgetReady(before, owners);
            transactions.afterCommit(() -> gone.forEach(files::drop));
            return Retained.Forgotten.of(owners);
        });
    }

    @Bean
    Health hubImportHealth(ImportWork work) {
        return work::read;
    }
}
