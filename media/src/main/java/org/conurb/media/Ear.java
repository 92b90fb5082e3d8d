package org.conurb.media;

/** Where an {@link Audience} hears its source: a track of a browser, or anything else that takes packets. */
public sealed interface Ear permits MediaTrack, RtpSink {}
