package org.conurb.video;

import java.util.List;
import org.conurb.media.TrackFormat;

/** Places the frames of a stream's fragments on the wall's axis, each track by its own clock. Confined to the writer thread. */
final class FragmentTimes {
    private final TimeAxis[] axes;
    private final int[] clockRates;
    /** Of a frame of sound whose clock jumped: it and those behind it in the fragment are left out. */
    static final long NOWHERE = Long.MIN_VALUE;

    private final boolean[] video;
    private final long[] wall90k = new long[FragmentDesk.MOST_FRAMES];

    FragmentTimes(List<TrackFormat> formats) {
        axes = new TimeAxis[formats.size()];
        clockRates = new int[formats.size()];
        video = new boolean[formats.size()];
        for (int i = 0; i < axes.length; i++) {
            clockRates[i] = formats.get(i).clockRate();
            axes[i] = new TimeAxis(clockRates[i]);
            video[i] = formats.get(i).video();
        }
    }

    /** The next frame of this track begins an axis of its own. */
    void restart(int track) {
        axes[track] = new TimeAxis(clockRates[track]);
    }

    /**
     * Places frames {@code from} and after.
     *
     * @return the first picture that lies on another axis, or the number of frames
     */
    int place(FragmentDesk frames, int from) {
        for (int track = 0; track < axes.length; track++) {
            if (!axes[track].begun()) {
                begin(frames, from, track);
            }
        }
        for (int i = from; i < frames.count(); i++) {
            int track = frames.track(i);
            TimeAxis axis = axes[track];
            if (!axis.begun()) {
                wall90k[i] = NOWHERE;
            } else if (axis.next(frames.rtpTime(i), frames.arrival90k(i)) == TimeAxis.Step.GOES_ON) {
                wall90k[i] = axis.wall90k(frames.rtpTime(i));
            } else if (video[track]) {
                return i;
            } else {
                restart(track);
                wall90k[i] = NOWHERE;
            }
        }
        return frames.count();
    }

    /** By the least delayed frame: a camera may send what it kept in one burst. */
    private void begin(FragmentDesk frames, int from, int track) {
        long first = -1;
        double least = Double.POSITIVE_INFINITY;
        double ticks = 90_000.0 / clockRates[track];
        for (int i = from; i < frames.count(); i++) {
            if (frames.track(i) == track) {
                first = first < 0 ? i : first;
                double ahead = (frames.rtpTime(i) - frames.rtpTime((int) first)) * ticks;
                if (Math.abs(ahead) < 20 * 90_000) {
                    least = Math.min(least, frames.arrival90k(i) - ahead);
                }
            }
        }
        if (first >= 0) {
            axes[track].begin(frames.rtpTime((int) first), Math.round(least));
        }
    }

    /** Where this frame is shown, after {@link #place}. */
    long wall90k(int frame) {
        return wall90k[frame];
    }
}
