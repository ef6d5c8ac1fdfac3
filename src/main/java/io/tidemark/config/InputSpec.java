package io.tidemark.config;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Where a stream's events come from and how they are read.
 *
 * @param topic the input topic, as it is named on the cluster
 * @param format how a record's value is encoded
 * @param keyed whether every record of a series already has the series' own key and partition, so that no repartition is needed
 * @param time which field holds the event time and how
 * @param series fields whose values, joined by {@code /}, make the series key; empty: the record's Kafka key is the series
 * @param features names and fields of the values, in order; for long input the names in use
 * @param longForm for input with one value a record: which field names the feature and which holds the value
 * @param csv how CSV rows are cut; only for {@link Format#CSV}
 * @param image what is made of frames; only for {@link Format#IMAGE}
 */
public record InputSpec(
        String topic,
        Format format,
        boolean keyed,
        Time time,
        List<String> series,
        List<Feature> features,
        Optional<LongForm> longForm,
        Csv csv,
        Optional<ImageSpec> image) {

    /** The one feature of an image stream: its value is a frame's mean brightness in [0, 1]. */
    public static final String IMAGE_FEATURE = "image";

    /** Encodings of a record's value. */
    public enum Format {
        JSON,
        CSV,
        /** PNG, JPEG, BMP, TIFF or WebP: a frame a record. Fields are then record headers. */
        IMAGE
    }

    /** How a timestamp is written. */
    public enum TimeUnit {
        /** RFC 3339, with a space allowed for the T and the zone of {@link Time#zone} where the offset is missing; or a number by its size. */
        AUTO,
        RFC3339,
        SECONDS,
        MILLIS,
        MICROS,
        NANOS,
        /** The number of the row in its file, one {@code step} a row from 1970-01-01T00:00:00Z: for files without a time. */
        ROW_NUMBER
    }

    /**
     * @param field the field that holds it; empty: the record's Kafka timestamp
     * @param zone of timestamps without an offset
     */
    public record Time(String field, TimeUnit unit, ZoneId zone) {}

    /**
     * @param name as scores name it; in [1, 256] characters
     * @param field path to the value, such as {@code metrics.cpu} in JSON or a column of CSV
     */
    public record Feature(String name, String field) {}

    /** @param name the field that names the feature; @param value the field with its value */
    public record LongForm(String name, String value) {}

    /**
     * @param header columns in order; empty: files say it in their first line, and records on the topic are in the order
     *     time, series fields, features
     * @param headerLine whether files begin with a line of column names
     * @param delimiter between cells; {@link #WHITESPACE} for runs of blanks and tabs
     * @param decimal between a number's whole and fraction: a point or a comma
     * @param thousands between groups of three digits of a number, one character; empty: numbers have none
     * @param comment begins a line of a file that is no row, one character; empty: no line does
     * @param encoding of files
     */
    public record Csv(
            List<String> header,
            boolean headerLine,
            char delimiter,
            char decimal,
            String thousands,
            String comment,
            Charset encoding) {
        /** The delimiter of cells that stand in columns with any number of blanks and tabs between. */
        public static final char WHITESPACE = '\0';

        public Csv {
            header = List.copyOf(header);
        }

        /** Plain numbers, no comments, UTF-8. */
        public Csv(List<String> header, boolean headerLine, char delimiter) {
            this(header, headerLine, delimiter, '.', "", "", StandardCharsets.UTF_8);
        }

        /** Whether numbers are written as in most programs: a decimal point, and nothing between thousands. */
        public boolean plainNumbers() {
            return decimal == '.' && thousands.isEmpty();
        }
    }

    public InputSpec {
        series = List.copyOf(series);
        features = List.copyOf(features);
    }

    /** Input of rows. */
    public InputSpec(
            String topic,
            Format format,
            boolean keyed,
            Time time,
            List<String> series,
            List<Feature> features,
            Optional<LongForm> longForm,
            Csv csv) {
        this(topic, format, keyed, time, series, features, longForm, csv, Optional.empty());
    }
}
