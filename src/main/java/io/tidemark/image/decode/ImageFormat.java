package io.tidemark.image.decode;

/** The formats that are read. */
enum ImageFormat {
    PNG("png"),
    JPEG("jpeg"),
    BMP("bmp"),
    TIFF("tiff"),
    WEBP("webp");

    /** As ImageIO names it. */
    final String word;

    ImageFormat(String word) {
        this.word = word;
    }
}
