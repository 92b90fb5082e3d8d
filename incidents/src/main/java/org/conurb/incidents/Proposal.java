package org.conurb.incidents;

import java.util.List;
import org.conurb.incidents.IncidentView.StatusView;
import org.jspecify.annotations.Nullable;

/**
 * A unit that could be sent, as {@code /api/incidents/{id}/proposals} shows it.
 *
 * @param seconds of travel; null where its place is not known, or no purpose allows to see it
 * @param estimated whether seconds and metres are only the line of flight with a factor
 * @param suits whether its kind is wanted, it is free, and the caller may send it
 * @param reasons codes: {@code kind-wanted(rank) kind-unasked busy(incident) not-available(state) by-road estimated
 *     place-unknown place-withheld place-old(seconds) other-organisation(organisation) may-not-send}
 */
record Proposal(
        String unit,
        String callSign,
        String kind,
        String organisation,
        StatusView status,
        @Nullable Long seconds,
        @Nullable Long metres,
        boolean estimated,
        boolean suits,
        List<Reason> reasons) {}
