package io.tidemark.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.app.backtest.Backtest;
import io.tidemark.app.backtest.RowOutcomes;
import java.io.PrintWriter;
import java.util.List;

/** Rows of a backtest that were rejected, late or there twice, by file and reason, values that are no numbers or outside their valid range, each with the line where it was first met, and features that came or went. */
final class RejectedRows {
    private RejectedRows() {}

    static void print(List<Backtest.FileResult> results, PrintWriter out) {
        for (Backtest.FileResult result : results) {
            for (RowOutcomes.Rejection rejection : result.unread().rejections()) {
                String detail = rejection.detail().isEmpty() ? "" : ": " + rejection.detail();
                out.println("rejected: " + rejection.rows() + " of " + result.rows() + " rows of " + result.path()
                        + ", " + rejection.reason() + ", first in line " + rejection.line() + detail);
            }
            if (result.unread().passedOver() > 0) {
                out.println("passed over: " + result.unread().passedOver() + " of " + result.rows() + " rows of "
                        + result.path() + ", of other kinds than the stream declares");
            }
            for (RowOutcomes.Rejection row : result.unread().unjudged()) {
                out.println(row.reason() + ": " + row.rows() + " of " + result.rows() + " rows of " + result.path()
                        + ", first in line " + row.line() + ": " + row.detail());
            }
            RowOutcomes.BadValues bad = result.unread().badValues();
            if (bad.values() > 0) {
                out.println("missing: " + bad.values() + " values of " + result.path()
                        + " that are not numbers" + (bad.outside() > 0 ? " in their valid-range" : "")
                        + ", first in line " + bad.line() + ": " + bad.detail());
            }
            for (String changed : bad.changed()) out.println("changed: in " + result.path() + " feature " + changed);
        }
    }

    static void json(List<Backtest.FileResult> results, ArrayNode into) {
        for (Backtest.FileResult result : results) {
            for (RowOutcomes.Rejection rejection : result.unread().rejections()) {
                into.addObject()
                        .put("file", result.path().toString())
                        .put("reason", rejection.reason())
                        .put("rows", rejection.rows())
                        .put("line", rejection.line())
                        .put("detail", rejection.detail());
            }
        }
    }

    static void badJson(List<Backtest.FileResult> results, ArrayNode into) {
        for (Backtest.FileResult result : results) {
            RowOutcomes.BadValues bad = result.unread().badValues();
            if (bad.values() > 0) {
                into.addObject()
                        .put("file", result.path().toString())
                        .put("values", bad.values())
                        .put("outside", bad.outside())
                        .put("line", bad.line())
                        .put("detail", bad.detail());
            }
            for (String changed : bad.changed()) {
                into.addObject().put("file", result.path().toString()).put("detail", "feature " + changed);
            }
        }
    }
}
