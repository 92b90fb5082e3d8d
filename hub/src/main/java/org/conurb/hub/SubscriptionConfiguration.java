package org.conurb.hub;

import java.time.Clock;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Backlog;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.store.Transactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires subscriptions, their notifications, and registrations of context sources. */
@Configuration(proxyBeanMethods = false)
class SubscriptionConfiguration {
    @Bean
    Notifier notifier(
            Transactions transactions,
            Changes changes,
            Contexts contexts,
            Access access,
            Model model,
            ObjectProvider<Standing> standing,
            OutboundHttp http,
            OutboundMqtt mqtt,
            NotificationSettings settings,
            Clock clock,
            Ids ids) {
        Notifier notifier = new Notifier(
                transactions,
                contexts,
                access,
                model,
                standing.getIfAvailable(() -> caller -> true),
                http,
                mqtt,
                settings,
                clock,
                ids);
        notifier.start(changes);
        return notifier;
    }

    @Bean
    Subscriptions subscriptions(
            Transactions transactions,
            Notifier notifier,
            Contexts contexts,
            Access access,
            Audit audit,
            OutboundHttp http,
            OutboundMqtt mqtt,
            Clock clock,
            Ids ids) {
        return new Subscriptions(
                transactions,
                new SubscriptionStore(transactions),
                contexts,
                access,
                audit,
                http,
                mqtt,
                clock,
                ids,
                notifier::subscriptionsChanged);
    }

    @Bean
    SubscriptionController subscriptionController(Subscriptions subscriptions, Contexts contexts) {
        return new SubscriptionController(subscriptions, contexts);
    }

    @Bean
    SubscriptionController.ToRegistrations registrationSubscriptionController(
            Subscriptions subscriptions, Contexts contexts) {
        return new SubscriptionController.ToRegistrations(subscriptions, contexts);
    }

    @Bean
    RegistrationController registrationController(
            Transactions transactions,
            Changes changes,
            Entities entities,
            Contexts contexts,
            Access access,
            Model model,
            Audit audit,
            OutboundHttp http,
            Clock clock,
            Ids ids) {
        return new RegistrationController(
                new Registrations(
                        transactions,
                        new RegistrationStore(transactions),
                        entities,
                        new EntityFinder(transactions),
                        contexts,
                        access,
                        model,
                        audit,
                        http,
                        clock,
                        ids,
                        changes.sequencer()::wake),
                contexts);
    }

    @Bean
    Backlog hubNotificationBacklog(Notifier notifier) {
        return notifier::backlog;
    }

    @Bean
    Health hubNotificationHealth(Notifier notifier) {
        return notifier::read;
    }
}
