package io.tidemark.judge.calibration;

/**
 * How much each network of a series counts beside the others, learnt from the series itself without labels.
 *
 * <p>All networks together weigh as much as one alone: they see the same errors, and a score keeps its meaning when a network is added. How they
 * share that weight is learnt. Every member has a worth w in [−1, 1], which is 0 at first, and counts exp({@value #SHARPNESS}·w) times as much as one of worth 0: of many
 * networks the few that suit a series should speak (exponential weights, Cesa-Bianchi and Lugosi, Prediction, learning, and games, 2006). The worth is the
 * exponentially weighted mean, over {@value #SPAN} steps, of what a step says for the member:
 *
 * <ol>
 *   <li>Skill: (d − e) / (d + e) with the member's error e and the series' deviation d, the error of always expecting the mean.
 *   <li>Agreement: 1 − 2|s − o| / (s + o) with its surprise s and the mean surprise o of the others, on steps that surprise someone.
 *   <li>Notice: (s − m) / (s + m) with its surprise s at a small anomaly put into a copy of the step and the mean m of all members' surprises
 *       at it. One step in {@value Observation#PROBE_EVERY} has such a probe, which therefore counts for so many steps.
 *   <li>Calibration: against it when it alone takes a step for one in ten, for it when it alone does not. A member whose errors drift
 *       claims too often.
 *   <li>Stability: a new version keeps {@value #KEPT_AT_SWAP} of the worth of the one before, and says nothing while on trial.
 * </ol>
 *
 * <p>Steps that do not teach change nothing, a single network always has its plain weight, and a step is weighed by earlier steps only.
 */
final class MemberWeights {
    private static final int SPAN = 2_000;
    private static final int SHARPNESS = 8;
    private static final double SURPRISING = 1;
    static final double KEPT_AT_SWAP = 0.95;

    private final ErrorMember[] members;
    private final double[] weights;

    MemberWeights(ErrorMember[] members) {
        this.members = members;
        weights = new double[members.length];
    }

    /** Settles the weights of a step whose errors are judged: together as much as the largest weight of one that speaks. */
    void settle() {
        double total = 0;
        double sum = 0;
        for (int i = 0; i < members.length; i++) {
            double plain = members[i].weight();
            weights[i] = plain * Math.exp(SHARPNESS * members[i].worth());
            total = Math.max(total, plain);
            sum += weights[i];
        }
        for (int i = 0; i < members.length; i++) {
            boolean alone = weights[i] == sum;
            weights[i] = alone ? members[i].weight() : weights[i] / sum * total;
        }
    }

    /** Weight of the member at a place; 0 when it has no error at this step. */
    double of(int place) {
        return weights[place];
    }

    /** Learns from the step last settled. */
    void learn(double deviation) {
        double surprises = 0;
        int claims = 0;
        int known = 0;
        for (ErrorMember member : members) {
            if (speaks(member)) {
                surprises += member.surprise();
                claims += member.fastSurprise() >= SURPRISING ? 1 : 0;
                known++;
            }
        }
        if (known < 2) {
            return;
        }
        double noticed = noticed();
        for (ErrorMember member : members) {
            if (speaks(member)) {
                double others = (surprises - member.surprise()) / (known - 1);
                double claimsOfOthers = (claims - (member.fastSurprise() >= SURPRISING ? 1 : 0)) / (known - 1.0);
                double evidence = skill(member.error(), deviation)
                        + agreement(member.surprise(), others)
                        + calibration(member.fastSurprise(), claimsOfOthers);
                if (!Double.isNaN(noticed)) {
                    evidence += Observation.PROBE_EVERY * notice(member, noticed);
                }
                double worth = member.worth() + (evidence - member.worth()) / SPAN;
                member.worth(Math.max(-1, Math.min(1, worth)));
            }
        }
    }

    /** Mean surprise at the step's probe of the members that have one; NaN when fewer than two have. */
    private double noticed() {
        double sum = 0;
        int count = 0;
        for (ErrorMember member : members) {
            if (speaks(member) && !Double.isNaN(member.probeSurprise())) {
                sum += member.probeSurprise();
                count++;
            }
        }
        return count < 2 ? Double.NaN : sum / count;
    }

    private static double notice(ErrorMember member, double mean) {
        double own = member.probeSurprise();
        double sum = own + mean;
        return Double.isNaN(own) || sum == 0 ? 0 : (own - mean) / sum;
    }

    private static boolean speaks(ErrorMember member) {
        return member.weight() > 0 && !member.onTrial();
    }

    private static double skill(double error, double deviation) {
        double sum = error + deviation;
        return sum > 0 ? (deviation - error) / sum : 0;
    }

    private static double agreement(double surprise, double others) {
        double sum = surprise + others;
        return Math.max(surprise, others) < SURPRISING ? 0 : 1 - 2 * Math.abs(surprise - others) / sum;
    }

    private static double calibration(double surprise, double claimsOfOthers) {
        double claim = surprise >= SURPRISING ? 1 : 0;
        return claimsOfOthers - claim;
    }
}
