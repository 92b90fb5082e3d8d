package org.conurb.media;

import org.jspecify.annotations.Nullable;

/** Replay windows of SRTCP, whose index runs per source (RFC 3711 §3.2.3); at most 16 sources. */
final class SsrcWindows {
    private static final int MAX = 16;

    private final int[] ssrcs = new int[MAX];
    private final @Nullable ReplayWindow[] windows = new ReplayWindow[MAX];
    private int count;

    boolean admits(int ssrc, long index) {
        int at = find(ssrc);
        ReplayWindow window = at < MAX ? windows[at] : null;
        return at < MAX && (window == null || window.admits(index));
    }

    /** Only for packets whose tag was right. */
    void mark(int ssrc, long index) {
        int at = find(ssrc);
        ReplayWindow window = windows[at];
        if (window == null) {
            window = new ReplayWindow();
            windows[at] = window;
            ssrcs[at] = ssrc;
            count++;
        }
        window.mark(index);
    }

    private int find(int ssrc) {
        for (int i = 0; i < count; i++) {
            if (ssrcs[i] == ssrc) {
                return i;
            }
        }
        return count;
    }
}
