/**
 * The one client for HTTP to the outside ({@link org.conurb.outbound.OutboundHttp}) and the one for MQTT
 * ({@link org.conurb.outbound.OutboundMqtt}), under one policy: subscriptions, feeds and remote contexts go through
 * them, so that nobody can make this program call into its own network. An architecture test forbids other clients.
 */
@NullMarked
package org.conurb.outbound;

import org.jspecify.annotations.NullMarked;
