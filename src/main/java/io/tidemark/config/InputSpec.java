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
 * @param keyed whether every record of a series already has the series' own key and partition, so that no repartition
 *     is needed
 * @param image what is made of frames; only for {@link Format#IMAGE}
 * @param choice which records count, and where in them events lie
 * @param shared how values are read of a feature that does not say otherwise; those of each feature have it taken over
 */
public record InputSpec(
        String topic,
        boolean keyed,
        Encoding encoding,
        Fields fields,
        Optional<ImageSpec> image,
        Choice choice,
        Values shared) {

    /**
     * How a record's value is encoded.
     *
     * @param format how a record's value is encoded
     * @param csv how CSV rows are cut; only for {@link Format#CSV}
     * @param schema where the schemas of {@link Format#AVRO} and {@link Format#PROTOBUF} are
     */
    public record Encoding(Format format, Csv csv, Schema schema) {}

    /**
     * Which fields hold what.
     *
     * @param time which field holds the event time and how
     * @param series fields whose values, joined by {@code /}, make the series key; empty: the record's Kafka key is the
     *     series
     * @param features names and fields of the values, in order; for long input the names in use
     * @param longForm for input with one value a record: which field names the feature and which holds the value
     */
    public record Fields(Time time, List<String> series, List<Feature> features, Optional<LongForm> longForm) {
        public Fields {
            series = List.copyOf(series);
            features = List.copyOf(features);
        }
    }

    /** The one feature of an image stream: its value is a frame's mean brightness in [0, 1]. */
    public static final String IMAGE_FEATURE = "image";

    /** Encodings of a record's value. */
    public enum Format {
        JSON,
        CSV,
        /** Lines of InfluxDB's line protocol: {@code measurement}, {@code tags.NAME}, {@code fields.NAME}, {@code timestamp}. */
        INFLUX,
        /**
         * Metrics of OpenTelemetry's protocol, in Protobuf or JSON: a feature is a metric, attributes are {@code attributes.NAME},
         * {@code resource.NAME} or {@code NAME}.
         */
        OTLP,
        /** Prometheus' remote write: a feature is a metric, labels are fields. */
        PROMETHEUS,
        /** Avro's binary encoding, by the schema that {@link Encoding#schema} names. */
        AVRO,
        /** Protobuf, by the schema that {@link Encoding#schema} names. */
        PROTOBUF,
        /** PNG, JPEG, BMP, TIFF or WebP: a frame a record. Fields are then record headers. */
        IMAGE;

        /** Whether its records hold metrics, whose names are the features. */
        public boolean isMetrics() {
            return this == OTLP || this == PROMETHEUS;
        }

        /** Whether its records need a schema to be read. */
        public boolean needsSchema() {
            return this == AVRO || this == PROTOBUF;
        }
    }

    /**
     * Where schemas are: at a registry or in a file; one of them is empty, and both are for a format that needs none.
     *
     * @param registry address of the registry
     * @param file an {@code .avsc}, a {@code .proto}, or a set of descriptors
     * @param framed whether the frame of a registry stands before values, or its headers are there
     * @param message of Protobuf, by name; empty: the frame says it, or it is the first of the schema
     * @param credentials a file with {@code user:password} or a bearer token for the registry; empty: none
     */
    public record Schema(String registry, String file, boolean framed, String message, String credentials) {
        /** No schema. */
        public static final Schema NONE = new Schema("", "", false, "", "");
    }

    /** How a timestamp is written. */
    public enum TimeUnit {
        /**
         * RFC 3339 and what is as plain: a space for the T, {@code /} or {@code .} between year, month and day, a date alone,
         * {@code 20240101T120000Z}, RFC 1123, the zone of {@link Time#zone} where the offset is missing; or a number by its size that is in the
         * years 1990 to 2099.
         */
        AUTO,
        RFC3339,
        SECONDS,
        MILLIS,
        MICROS,
        NANOS,
        /** Days since 1899-12-30 in the zone of {@link Time#zone}, as spreadsheets count them. */
        EXCEL,
        /** The number of the row in its file, one {@code step} a row from 1970-01-01T00:00:00Z: for files without a time. */
        ROW_NUMBER
    }

    /**
     * @param field the field that holds it; empty: the record's Kafka timestamp
     * @param zone of timestamps without an offset
     * @param patterns forms of {@link java.time.format.DateTimeFormatter} that timestamps have, tried in order; empty: as {@code unit} says
     */
    public record Time(String field, TimeUnit unit, ZoneId zone, List<String> patterns) {
        public Time {
            patterns = List.copyOf(patterns);
        }

        /** As the unit says. */
        public Time(String field, TimeUnit unit, ZoneId zone) {
            this(field, unit, zone, List.of());
        }
    }

    /** What is made of a value before it is judged. */
    public enum Derive {
        /** The value itself. */
        NONE,
        /** Increase of a counter for each second since the step before; missing where the counter began anew. */
        RATE,
        /** Increase of a counter since the step before; missing where the counter began anew. */
        DIFFERENCE
    }

    /**
     * How a feature's values are read.
     *
     * @param missing texts or numbers that stand for a value that is not there
     * @param valid what a value can be at all; others are no values
     * @param rejectsBad whether a value that is no number, or not in the range, costs the whole event; else that value alone is missing
     * @param derive what is made of the value
     * @param fill what a missing value is taken for in place of what {@code gaps.fill} says
     */
    public record Values(
            List<String> missing,
            ValidRange valid,
            boolean rejectsBad,
            Derive derive,
            Optional<GridSpec.Filling> fill) {
        /** The value as it is. */
        public static final Values PLAIN = new Values(List.of(), ValidRange.ALL, false, Derive.NONE, Optional.empty());

        public Values {
            missing = List.copyOf(missing);
        }
    }

    /**
     * @param name as scores name it; in [1, 256] characters
     * @param field path to the value, such as {@code metrics.cpu} in JSON or a column of CSV
     * @param values how its values are read
     */
    public record Feature(String name, String field, Values values) {
        /** Values as they are. */
        public Feature(String name, String field) {
            this(name, field, Values.PLAIN);
        }
    }

    /**
     * @param name the field that names the feature
     * @param value the field with its value
     * @param ignoresUnknown whether a name that is no declared feature is passed over; else it is rejected
     */
    public record LongForm(String name, String value, boolean ignoresUnknown) {
        /** Unknown names are rejected. */
        public LongForm(String name, String value) {
            this(name, value, false);
        }
    }

    /** Only records whose field has one of these texts count. */
    public record Condition(String field, List<String> values) {
        public Condition {
            values = List.copyOf(values);
        }
    }

    /** What becomes of an event whose time another event of its series has. */
    public enum SameTime {
        /** On a grid it joins the step; where every event is a step it is the next step. */
        KEEP,
        REJECT
    }

    /**
     * @param where all must hold for a record or element to count; others are passed over
     * @param records path to the array whose elements are the events; empty text: the record itself is the array; absent: a record is one
     *     event
     * @param sameTime what becomes of another event of the same time
     */
    public record Choice(List<Condition> where, Optional<String> records, SameTime sameTime) {
        /** Every record is an event. */
        public static final Choice ALL = new Choice(List.of(), Optional.empty(), SameTime.KEEP);

        public Choice {
            where = List.copyOf(where);
        }
    }

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
        this(
                topic,
                keyed,
                new Encoding(format, csv, Schema.NONE),
                new Fields(time, series, features, longForm),
                Optional.empty(),
                Choice.ALL,
                Values.PLAIN);
    }
}
