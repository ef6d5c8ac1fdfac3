package io.tidemark.model.inference;

import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Inference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The challengers of one stream: they score the samples marked for them, and nobody acts on what they say. Owned by the
 * {@link BatchScorer}'s thread.
 */
public final class Challengers implements AutoCloseable {
    private final List<Network> networks;
    private final BiFunction<Network, ForwardTimes, MemberScorer> make;
    private final List<MemberScorer> scorers = new ArrayList<>();
    private final List<PendingSample> chosen = new ArrayList<>();
    /** Place of a block's sample among the chosen ones; -1 for the others. */
    private final int[] places;

    private ForwardTimes times = (network, nanos) -> {};
    private MemberListener listener = (member, challenger, error, championError) -> {};
    private boolean paused;

    Challengers(List<Network> networks, BiFunction<Network, ForwardTimes, MemberScorer> make, int capacity) {
        this.networks = List.copyOf(networks);
        this.make = make;
        this.places = new int[capacity];
    }

    /** Who hears of challengers' forward passes. */
    public void times(ForwardTimes hearing) {
        times = hearing;
    }

    /** Who hears what every member said of every sample, champions and challengers. */
    public void listener(MemberListener hearing) {
        listener = hearing;
    }

    /** Whether challengers rest for now, such as for their cost. */
    public void pause(boolean resting) {
        paused = resting;
    }

    /** How many there are. */
    public int size() {
        return scorers.size();
    }

    /** Whether a version is one of them. */
    public boolean has(String network, int version) {
        return scorers.stream().anyMatch(s -> s.name().equals(network) && s.version() == version);
    }

    /**
     * Adds one.
     *
     * @throws IllegalArgumentException when the network is not the stream's or the state is of other layers
     */
    public void add(String network, int version, NetworkState state) {
        for (Network known : networks) {
            if (!known.spec().name().equals(network)) continue;
            MemberScorer scorer = make.apply(known, (name, nanos) -> times.forward(name, nanos))
                    .challenging();
            scorer.swap(version, state);
            scorers.add(scorer);
            return;
        }
        throw new IllegalArgumentException("network " + network + " is not one of this stream's");
    }

    /** Ends those that are not kept. */
    public void retain(java.util.function.BiPredicate<String, Integer> kept) {
        scorers.removeIf(scorer -> {
            boolean gone = !kept.test(scorer.name(), scorer.version());
            if (gone) scorer.close();
            return gone;
        });
    }

    void run(List<PendingSample> block) {
        if (scorers.isEmpty()) return;
        chosen.clear();
        for (int i = 0; i < block.size(); i++) {
            boolean asked =
                    !paused && block.get(i).challenged && block.get(i).failure.isEmpty();
            places[i] = asked ? chosen.size() : -1;
            if (asked) chosen.add(block.get(i));
        }
        if (chosen.isEmpty()) return;
        for (int s = 0; s < scorers.size(); s++) scorers.get(s).run(chosen);
    }

    void fill(PendingSample sample, int slot, Inference inference, int features) {
        if (scorers.isEmpty() || places[slot] < 0 || !sample.failure.isEmpty()) return;
        for (int s = 0; s < scorers.size(); s++) {
            scorers.get(s).fill(places[slot], inference.addChallenger(features));
        }
    }

    void hear(Inference inference, int features) {
        for (int m = 0; m < inference.members(); m++) {
            Inference.Member member = inference.member(m);
            listener.member(member, false, error(member, features), Double.NaN);
        }
        for (int c = 0; c < inference.challengers(); c++) {
            Inference.Member member = inference.challenger(c);
            double champion = Double.NaN;
            for (int m = 0; m < inference.members(); m++) {
                if (inference.member(m).network.equals(member.network)) {
                    champion = error(inference.member(m), features);
                }
            }
            listener.member(member, true, error(member, features), champion);
        }
    }

    /** The aggregated error of a member; NaN when it did not score. */
    private static double error(Inference.Member member, int features) {
        if (member.status != Inference.Status.SCORED) return Double.NaN;
        double sum = 0;
        for (int f = 0; f < features; f++) sum += member.error[f];
        return sum / features;
    }

    @Override
    public void close() {
        scorers.forEach(MemberScorer::close);
        scorers.clear();
    }
}
