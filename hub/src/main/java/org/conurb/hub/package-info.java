/**
 * The city's shared memory: linked entities (ETSI GS CIM 009), their history, the one stream of changes, subscriptions,
 * and the NGSI-LD door. Rooms write with {@link org.conurb.hub.Entities} in their own transaction and react with {@link
 * org.conurb.hub.Changes}; all else is package-private. Which types belong to which room stands in {@code hub/model}.
 */
@NullMarked
package org.conurb.hub;

import org.jspecify.annotations.NullMarked;
