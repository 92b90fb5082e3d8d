package org.conurb.video;

import java.security.SecureRandom;
import java.time.Clock;
import org.conurb.audit.EvidenceExports;
import org.conurb.audit.EvidenceRoom;
import org.conurb.hub.Entities;
import org.conurb.hub.Standing;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.kernel.SiteKey;
import org.conurb.media.MediaWorkers;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.store.Migrations;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the doors of this room. Needs the recorder's beans, the media workers, and the rules of {@code --allow-outbound}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({VideoSettings.class, ExportSettings.class})
public class VideoConfiguration {
    @Bean
    static Migrations videoMigrations() {
        return new Migrations("video");
    }

    @Bean
    CameraNetworks cameraNetworks(City city, OutboundPolicy outbound) {
        return new CameraNetworks(city, outbound);
    }

    @Bean
    Cameras cameras(
            Transactions transactions,
            VideoSettings settings,
            CameraNetworks networks,
            CameraLines lines,
            OpenFindings findings,
            Entities entities,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        CameraSecrets secrets = new CameraSecrets(
                SealingKey.open(settings.key(), "enter each camera's source again", new SecureRandom()));
        return new Cameras(transactions, secrets, networks, lines, findings, entities, access, audit, city, ids, clock);
    }

    @Bean
    CameraController cameraController(Cameras cameras, Access access, Transactions transactions) {
        return new CameraController(cameras, new CameraImport(cameras), access, transactions);
    }

    @Bean
    Views cameraViews(Access access, Audit audit, Transactions transactions, Clock clock) {
        return new Views(access, audit, transactions, clock);
    }

    @Bean
    PlayController playController(
            Cameras cameras,
            Recordings recordings,
            Views views,
            Access access,
            Transactions transactions,
            City city,
            Clock clock) {
        return new PlayController(
                cameras,
                recordings,
                new LivePlaylists(recordings, clock),
                views,
                access,
                transactions,
                city.timeZone());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    EvidenceExports videoExports(
            Transactions transactions,
            Cameras cameras,
            Recordings recordings,
            Views views,
            Access access,
            Audit audit,
            SiteKey key,
            City city,
            ExportSettings settings,
            Ids ids,
            Clock clock) {
        return new EvidenceExports(
                transactions,
                new CameraEvidence(cameras, recordings, views, access),
                new EvidenceRoom.Seal(key, city.id()),
                settings.evidence(),
                access,
                audit,
                ids,
                clock);
    }

    @Bean
    ExportController exportController(
            @Qualifier("videoExports") EvidenceExports exports, Views views, Access access, Transactions transactions) {
        return new ExportController(exports, views, access, transactions);
    }

    @Bean
    HoldController holdController(
            Cameras cameras, Access access, Audit audit, Transactions transactions, Ids ids, Clock clock) {
        return new HoldController(new Holds(transactions, cameras, access, audit, ids, clock), access, transactions);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    LiveSessions liveSessions(
            MediaWorkers workers,
            CameraLines lines,
            Views views,
            Access access,
            Transactions transactions,
            Clock clock) {
        return new LiveSessions(workers, lines, views, access, transactions, clock);
    }

    @Bean
    LiveController liveController(
            Cameras cameras,
            LiveSessions sessions,
            Views views,
            Access access,
            Audit audit,
            ObjectProvider<Standing> standing,
            Transactions transactions) {
        return new LiveController(
                cameras, sessions, views, access, audit, standing.getIfAvailable(() -> caller -> true), transactions);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    StillProcess stillProcess(VideoSettings settings) {
        return new StillProcess(settings.pictures());
    }

    @Bean
    Stills stills(Recordings recordings, StillProcess process) {
        return new Stills(recordings, process);
    }

    @Bean
    StillController stillController(
            Cameras cameras, Stills stills, Views views, Access access, Transactions transactions, Clock clock) {
        return new StillController(cameras, stills, views, access, transactions, clock);
    }

    @Bean
    ThumbnailController thumbnailController(
            Cameras cameras, Stills stills, Views views, Access access, Transactions transactions) {
        return new ThumbnailController(cameras, stills, views, access, transactions);
    }

    @Bean
    VideoFigures videoFigures(CameraStreams streams, LiveSessions sessions, MediaWorkers workers, Clock clock) {
        return new VideoFigures(streams, sessions, workers, clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    CameraWatch cameraWatch(Transactions transactions, Cameras cameras, CameraLines lines, Entities entities) {
        return new CameraWatch(transactions, cameras, lines, entities);
    }

    @Bean
    OpenFindings openFindings() {
        return new OpenFindings();
    }

    @Bean
    Findings cameraFindings(
            Transactions transactions, Cameras cameras, Entities entities, OpenFindings open, City city) {
        return new Findings(transactions, cameras, entities, open, city.defaultOrganisation());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    PictureWatch pictureWatch(
            Cameras cameras,
            CameraLines lines,
            Stills stills,
            Transactions transactions,
            OpenFindings open,
            Findings findings,
            Clock clock) {
        return new PictureWatch(cameras, lines, stills, new UsualViews(transactions), open, findings, clock);
    }

    @Bean
    HealthController cameraHealthController(
            Cameras cameras,
            CameraLines lines,
            OpenFindings findings,
            Recordings recordings,
            City city,
            Access access,
            Transactions transactions,
            Clock clock) {
        Uptime uptime = new Uptime(transactions, recordings, city, clock);
        return new HealthController(cameras, lines, findings, uptime, access, transactions);
    }
}
