package org.conurb.talk;

/** What became of a group, or of who follows it; told after the commit, in order. */
sealed interface GroupChange {
    /** It is new, or has changed. */
    record Opened(GroupFacts facts) implements GroupChange {}

    record Closed(String group) implements GroupChange {}

    record Affiliated(Participant who, String group) implements GroupChange {}

    record Deaffiliated(Participant who, String group) implements GroupChange {}

    /** Brings it to who decides the calls. */
    default void tell(ControllingFunction site) {
        switch (this) {
            case Opened opened -> site.open(opened.facts());
            case Closed closed -> site.close(closed.group());
            case Affiliated affiliated -> site.affiliate(affiliated.who(), affiliated.group());
            case Deaffiliated left -> site.deaffiliate(left.who(), left.group());
        }
    }
}
