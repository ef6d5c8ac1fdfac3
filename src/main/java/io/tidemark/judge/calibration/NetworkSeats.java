package io.tidemark.judge.calibration;

import java.util.Arrays;

/** The places that networks hold among the members of one series: as many as declared, each for as long as its network speaks. */
final class NetworkSeats {
    private static final int NONE = -1;

    private final ErrorMember[] members;
    /** Of each network of the observation judged last its place, or {@link #NONE}. */
    private final int[] placeOf = new int[Observation.NETWORKS_MAX];

    NetworkSeats(ErrorMember[] members) {
        this.members = members;
    }

    /**
     * Gives every network of an observation its place, and its error to the entry.
     *
     * @param features of the series
     * @return whether a place has a new network or a new version of it
     */
    boolean seat(Observation observation, int features, JournalEntry entry) {
        Arrays.fill(entry.errors, Float.NaN);
        Arrays.fill(entry.probes, Float.NaN);
        boolean changed = false;
        for (int i = 0; i < observation.networkCount; i++) {
            int place = place(observation, observation.networks[i]);
            placeOf[i] = place;
            if (place == NONE) continue;
            ErrorMember member = members[place];
            if (member.network() != observation.networks[i]) {
                member.assign(observation.networks[i], observation.versions[i]);
                changed = true;
            } else if (member.version() != observation.versions[i]) {
                member.swap(observation.versions[i]);
                changed = true;
            }
            entry.errors[place] = mean(observation.errors[i], features);
            entry.probes[place] = observation.probes[i];
        }
        return changed;
    }

    /** The place a network holds, else a free one, else one whose network is silent at this step, else {@link #NONE}. */
    private int place(Observation observation, long network) {
        int free = NONE;
        for (int i = 0; i < members.length; i++) {
            long holder = members[i].network();
            if (holder == network) {
                return i;
            }
            if (free == NONE && (holder == 0 || !observation.has(holder))) {
                free = i;
            }
        }
        return free;
    }

    /** Mean over the features that have an error; NaN when none has. */
    private static float mean(float[] errors, int features) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < Math.min(errors.length, features); i++) {
            float error = errors[i];
            if (error >= 0) {
                sum += Math.min(error, Float.MAX_VALUE);
                count++;
            }
        }
        return count == 0 ? Float.NaN : (float) (sum / count);
    }

    /** Whether a network of the observation judged last has a place. */
    boolean has(int network) {
        return placeOf[network] != NONE;
    }

    /** The place of a network that has one. */
    int of(int network) {
        return placeOf[network];
    }
}
