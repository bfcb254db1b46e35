package org.vistadr.model;

/// Kinds of files that are known by their first bytes. Kinds that look the same to the brake share
/// one name.
public enum ContentKind {
  /// None that is known.
  UNRECOGNISED(0, "unrecognised"),
  /// Readable text, as JSON, XML and CSV are.
  TEXT(1, "text"),
  /// JPEG.
  JPEG(2, "JPEG"),
  /// PNG.
  PNG(3, "PNG"),
  /// GIF.
  GIF(4, "GIF"),
  /// WebP, WAV, AVI: what RIFF holds.
  RIFF(5, "WebP or RIFF"),
  /// TIFF, and what is built on it, as slides of microscopes are.
  TIFF(6, "TIFF"),
  /// BMP.
  BMP(7, "BMP"),
  /// JPEG 2000 and JPEG XL.
  JPEG_NEXT(8, "JPEG 2000 or XL"),
  /// MP4, MOV, HEIC, AVIF.
  ISO_MEDIA(9, "MP4 or HEIC"),
  /// DICOM.
  DICOM(10, "DICOM"),
  /// PDF.
  PDF(11, "PDF"),
  /// ZIP, and office documents, which are ZIP files.
  ZIP(12, "ZIP"),
  /// Files compressed alone and other archives: gzip, bzip2, xz, zstd, lz4, 7z, RAR, tar.
  ARCHIVE(13, "archive"),
  /// Tables and arrays: Parquet, HDF5, NumPy, Avro, ORC, NIfTI, NRRD, SQLite.
  DATA(14, "data file"),
  /// Sound and moving pictures: Ogg, MP3, FLAC, Matroska.
  MEDIA(15, "media"),
  /// Older office documents.
  OLE(16, "office document"),
  /// Programs.
  PROGRAM(17, "program"),
  /// Encrypted on purpose: OpenSSL, age, PGP, LUKS, rclone, a ZIP file with a password.
  ENCRYPTED(100, "encrypted");

  private final int code;
  private final String words;

  ContentKind(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /// What stands for it in a catalog, for ever.
  public int code() {
    return code;
  }

  /// What [#code] stands for. One that a newer program knows is taken for unrecognised.
  public static ContentKind ofCode(int code) {
    return java.util.Arrays.stream(values())
        .filter(known -> known.code == code)
        .findFirst()
        .orElse(UNRECOGNISED);
  }

  /// What people call it.
  public String words() {
    return words;
  }
}
