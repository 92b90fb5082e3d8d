package org.conurb.warnings;

import org.conurb.kernel.City;

/** Where warnings come from by themselves. */
sealed interface Source permits FolderSource, FeedSource {
    City.WarningSource configured();

    /** Looks for what is new and takes it in; bounded in time and number. Called by one thread at a time. */
    SourceRound poll();
}
