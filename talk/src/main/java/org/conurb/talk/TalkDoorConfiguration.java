package org.conurb.talk;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.List;
import org.conurb.hub.Standing;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Ids;
import org.conurb.media.Fanout;
import org.conurb.media.MediaWorkers;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires calls, their media and the sockets. Needs the media workers, and who may take part. */
@Configuration(proxyBeanMethods = false)
public class TalkDoorConfiguration {
    private static final int NC4 = 100;
    private static final int NC5 = 8;
    private static final int N10 = 4;

    @Bean
    Fanout talkFanout() {
        return new Fanout(System::nanoTime);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ControllingFunction controllingFunction(
            Fanout fanout,
            Participants participants,
            Ids ids,
            Clock clock,
            List<TalkListener> listeners,
            ObjectProvider<EmergencyBook> book) {
        ControllingFunction site = new ControllingFunction(
                fanout, new CallLimits(NC4, NC5, N10), participants::reach, ids, clock, System::nanoTime);
        listeners.forEach(site::onTalk);
        book.ifAvailable(site::book);
        return site;
    }

    @Bean
    MeterBinder talkFigures(ControllingFunction site, Fanout fanout) {
        return registry -> {
            Gauge.builder("conurb.talk.waiting", site, ControllingFunction::waiting)
                    .description("inputs that wait for the floors")
                    .register(registry);
            FunctionCounter.builder("conurb.talk.shed", fanout, Fanout::shed)
                    .description("packets of voice that were too late to be sent")
                    .register(registry);
        };
    }

    @Bean
    VoiceSessions voiceSessions(MediaWorkers workers, ControllingFunction site) {
        return new VoiceSessions(workers, site);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    SocketRoom talkSockets(
            ControllingFunction site,
            Participants participants,
            VoiceSessions voices,
            Access access,
            Audit audit,
            Transactions transactions) {
        return new SocketRoom(site, participants, voices, access, audit, transactions);
    }

    @Bean
    DeviceDoor talkDeviceDoor(
            ControllingFunction site,
            Participants participants,
            MediaWorkers workers,
            Spurts spurts,
            SocketRoom room,
            Access access,
            Audit audit,
            ObjectProvider<Standing> standing,
            Transactions transactions,
            Clock clock) {
        DeviceDoor door = new DeviceDoor(
                site,
                participants,
                workers,
                spurts,
                access,
                audit,
                standing.getIfAvailable(() -> caller -> true),
                transactions,
                clock);
        room.alsoLook(door::look);
        return door;
    }

    @Bean
    ShortData talkShortData(
            SocketRoom room, TalkMessages messages, GroupDirectory directory, SiteParticipants participants) {
        ShortData data = new ShortData(room, messages, directory, participants);
        room.data(data);
        messages.onMessage(data);
        return data;
    }

    @Bean
    SocketDoor talkSocketDoor(SocketRoom room, ObjectProvider<Standing> standing) {
        return new SocketDoor(room, standing.getIfAvailable(() -> caller -> true));
    }
}
