package io.tidemark.net.network;

import io.tidemark.net.network.BoundLayer.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a network that is to be trained takes over from a trained one (Yosinski et al., How transferable are features in deep neural
 * networks?, NIPS 2014), and what of it begins anew.
 *
 * <ol>
 *   <li>The layers must be the same ones, one by one: kind, settings and widths. They are compared over the whole network, or over the
 *       encoder alone ({@link Part}).
 *   <li>Two layers may differ in width, as they do when a stream has other features: the first with weights, which reads the sample,
 *       and the last, which writes the output. Such a layer is an adapter: it begins anew, but for weights whose shape is the same
 *       all the same, which are those of a recurrent layer from its last state. A {@link Discriminator} may differ too.
 *   <li>Running statistics come with their layer's weights.
 * </ol>
 *
 * @param carried names of the tensors that are taken over, {@code param/…} and {@code running/…}, the same in both networks; at least
 *     one
 * @param encoder of these, the trained ones of the encoder, which are the ones to freeze at first; empty when the network has none
 * @param anew names of the trained tensors that begin anew
 */
public record Transfer(Set<String> carried, Set<String> encoder, Set<String> anew) {

    /** How much of a trained network is taken over. */
    public enum Part {
        /** Every layer. */
        ALL,
        /** The layers up to the code of an autoencoder or a segmenter, and all before a forecaster's head. */
        ENCODER
    }

    public Transfer {
        carried = ordered(carried);
        encoder = ordered(encoder);
        anew = ordered(anew);
    }

    private static Set<String> ordered(Set<String> names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /**
     * Compares two networks.
     *
     * @param from the trained one, bound to what it was trained on
     * @param to the one to train
     * @throws IllegalArgumentException when they do not match; says where
     */
    public static Transfer plan(Network from, Network to, Part part) {
        if (to.training().method().isClosedForm()) {
            throw new IllegalArgumentException("network " + to.spec().name()
                    + " takes no steps, so there is nothing to begin with: its weights are computed from the examples");
        }
        checkReading(from, to);
        int theirs = length(from, part);
        int ours = length(to, part);
        if (theirs != ours) {
            throw mismatch(from, to, "the " + noun(part) + " has " + theirs + " layers there and " + ours + " here");
        }
        return new Planner(from, to, part).plan(ours);
    }

    private static void checkReading(Network from, Network to) {
        if (from.spec().input() != to.spec().input()) {
            throw mismatch(from, to, "one reads images and the other rows");
        }
        if (!from.spec().normalisation().equals(to.spec().normalisation())) {
            throw mismatch(from, to, "they read windows that are made relative in other ways (normalise)");
        }
    }

    private static int length(Network network, Part part) {
        if (part == Part.ALL) return network.layers().size();
        int length = Encoder.length(network);
        if (length > 0) return length;
        throw new IllegalArgumentException("network " + network.spec().name()
                + " has no encoder: no layer with weights comes before its code or head; leave :encoder out");
    }

    private static String noun(Part part) {
        return part == Part.ALL ? "network" : "encoder";
    }

    private static IllegalArgumentException mismatch(Network from, Network to, String what) {
        return new IllegalArgumentException("network " + to.spec().name() + " with " + to.features()
                + " features cannot begin with " + from.spec().name() + " with " + from.features() + ": " + what);
    }

    /** One comparison. */
    private static final class Planner {
        private final Network from;
        private final Network to;
        private final Part part;
        private final Set<String> carried = new LinkedHashSet<>();
        private final Set<String> encoder = new LinkedHashSet<>();

        Planner(Network from, Network to, Part part) {
            this.from = from;
            this.to = to;
            this.part = part;
        }

        Transfer plan(int length) {
            int code = Encoder.length(to);
            for (int i = 0; i < length; i++)
                layer(from.layers().get(i), to.layers().get(i), i < code);
            if (carried.stream().noneMatch(name -> name.startsWith("param/"))) {
                throw mismatch(from, to, "no weight of the " + noun(part) + " has the same shape in both");
            }
            Set<String> anew = new LinkedHashSet<>();
            for (Parameter parameter : to.parameters()) {
                if (!carried.contains(parameter.name())) anew.add(parameter.name());
            }
            return new Transfer(carried, encoder, anew);
        }

        private void layer(BoundLayer theirs, BoundLayer ours, boolean encodes) {
            if (!theirs.settings().equals(ours.settings())) {
                throw mismatch(
                        from,
                        to,
                        "layer " + ours.index() + " is " + theirs.settings() + " there and " + ours.settings()
                                + " here");
            }
            List<Parameter> same = same(theirs, ours);
            boolean whole = same.size() == ours.parameters().size();
            if (!whole && !mayDiffer(ours)) throw mismatch(from, to, widths(theirs, ours));
            for (Parameter parameter : same) {
                if (!whole && !parameter.isWeight()) continue;
                carried.add(parameter.name());
                if (encodes) encoder.add(parameter.name());
            }
            if (whole) for (Parameter running : ours.running()) carried.add(running.name());
        }

        private static List<Parameter> same(BoundLayer theirs, BoundLayer ours) {
            List<Parameter> same = new ArrayList<>();
            for (int i = 0; i < ours.parameters().size(); i++) {
                Parameter parameter = ours.parameters().get(i);
                if (Arrays.equals(theirs.parameters().get(i).shape(), parameter.shape())) same.add(parameter);
            }
            return same;
        }

        private boolean mayDiffer(BoundLayer layer) {
            List<Integer> weighted = Encoder.weighted(to);
            boolean last = part == Part.ALL && layer.index() == weighted.get(weighted.size() - 1);
            return layer.index() == weighted.get(0) || last || layer.layer() instanceof Discriminator;
        }

        private static String widths(BoundLayer theirs, BoundLayer ours) {
            for (int i = 0; i < ours.parameters().size(); i++) {
                int[] there = theirs.parameters().get(i).shape();
                int[] here = ours.parameters().get(i).shape();
                if (Arrays.equals(there, here)) continue;
                return "layer " + ours.index() + " (" + ours.layer().word() + ") has weights of "
                        + Arrays.toString(there) + " there and " + Arrays.toString(here)
                        + " here; only the first and the last layer with weights may differ, so give the others units as a number";
            }
            throw new IllegalStateException("layer " + ours.index() + " differs in nothing");
        }
    }
}
