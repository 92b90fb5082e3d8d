/**
 * Bytes and time of moving pictures and sound: RTP and RTCP, session descriptions, depacketising, parameter sets, the
 * ring of packets between one writer and many readers, fragmented MP4, and sessions with browsers (WebRTC). It has no
 * notion of cameras, groups or people; nothing here decides or stores.
 */
@NullMarked
package org.conurb.media;

import org.jspecify.annotations.NullMarked;
