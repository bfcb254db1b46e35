package org.vistadr.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Tells the kind of a file from its first bytes. Pure; a few dozen nanoseconds where a signature
/// is found.
final class ContentSignatures {

  /// Signatures at the very beginning, by their first byte.
  private static final List<List<Signature>> FIRST = new ArrayList<>();

  /// Those further on.
  private static final List<Signature> LATER = new ArrayList<>();

  private static final int ZIP_FLAGS = 6;

  static {
    for (int i = 0; i < 256; i++) {
      FIRST.add(new ArrayList<>());
    }
    hex(ContentKind.JPEG, "FFD8FF");
    hex(ContentKind.PNG, "89504E470D0A1A0A");
    text(ContentKind.GIF, 0, "GIF8");
    text(ContentKind.RIFF, 0, "RIFF");
    hex(ContentKind.TIFF, "49492A00", "4D4D002A", "49492B00", "4D4D002B");
    hex(ContentKind.JPEG_NEXT, "0000000C6A5020", "FF4FFF51", "0000000C4A584C20", "FF0A");
    text(ContentKind.ISO_MEDIA, 4, "ftyp");
    text(ContentKind.DICOM, 128, "DICM");
    text(ContentKind.PDF, 0, "%PDF");
    hex(ContentKind.ZIP, "504B0304", "504B0506");
    hex(ContentKind.ARCHIVE, "1F8B08", "FD377A585A00", "28B52FFD", "04224D18", "377ABCAF271C");
    text(ContentKind.ARCHIVE, 0, "BZh", "Rar!");
    text(ContentKind.ARCHIVE, 257, "ustar");
    text(ContentKind.DATA, 0, "PAR1", "Obj\1", "ORC", "SQLite format 3", "NRRD", "SIMPLE  =");
    text(ContentKind.DATA, 344, "n+1\0", "ni1\0");
    hex(ContentKind.DATA, "894844460D0A1A0A", "934E554D5059", "0E031301");
    text(ContentKind.MEDIA, 0, "OggS", "ID3", "fLaC");
    hex(ContentKind.MEDIA, "1A45DFA3");
    hex(ContentKind.OLE, "D0CF11E0A1B11AE1");
    hex(ContentKind.PROGRAM, "7F454C46", "CAFEBABE", "0061736D");
    text(ContentKind.ENCRYPTED, 0, "Salted__", "age-encryption.org/", "RCLONE\0\0", "LUKS");
    text(ContentKind.ENCRYPTED, 0, "-----BEGIN PGP MESSAGE", "-----BEGIN AGE ENCRYPTED");
    hex(ContentKind.TEXT, "FFFE", "FEFF");
  }

  private ContentSignatures() {}

  private record Signature(ContentKind kind, int at, byte[] bytes) {

    boolean stands(byte[] data, int offset, int size) {
      if (at + bytes.length > size) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (data[offset + at + i] != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private static void hex(ContentKind kind, String... signatures) {
    for (String signature : signatures) {
      add(new Signature(kind, 0, HexFormat.of().parseHex(signature)));
    }
  }

  private static void text(ContentKind kind, int at, String... signatures) {
    for (String signature : signatures) {
      add(new Signature(kind, at, signature.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private static void add(Signature signature) {
    if (signature.at == 0) {
      FIRST.get(signature.bytes[0] & 0xff).add(signature);
    } else {
      LATER.add(signature);
    }
  }

  static ContentKind find(byte[] data, int offset, int size) {
    if (size == 0) {
      return ContentKind.UNRECOGNISED;
    }
    for (Signature signature : FIRST.get(data[offset] & 0xff)) {
      if (signature.stands(data, offset, size)) {
        return signature.kind == ContentKind.ZIP && hasPassword(data, offset, size)
            ? ContentKind.ENCRYPTED
            : signature.kind;
      }
    }
    for (Signature signature : LATER) {
      if (signature.stands(data, offset, size)) {
        return signature.kind;
      }
    }
    if (isBitmap(data, offset, size)) {
      return ContentKind.BMP;
    }
    return isText(data, offset, size) ? ContentKind.TEXT : ContentKind.UNRECOGNISED;
  }

  /// The lowest bit of the flags of a ZIP file's first entry.
  private static boolean hasPassword(byte[] data, int offset, int size) {
    return size > ZIP_FLAGS && data[offset + 2] == 3 && (data[offset + ZIP_FLAGS] & 1) != 0;
  }

  /// Two letters would be found in noise too often; four bytes of such a file are zero.
  private static boolean isBitmap(byte[] data, int offset, int size) {
    return size > 10
        && data[offset] == 'B'
        && data[offset + 1] == 'M'
        && (data[offset + 6] | data[offset + 7] | data[offset + 8] | data[offset + 9]) == 0;
  }

  /// Valid UTF-8 without control characters; a character that is cut at the end does not matter.
  private static boolean isText(byte[] data, int offset, int size) {
    int left = 0;
    for (int i = offset; i < offset + size; i++) {
      int value = data[i] & 0xff;
      if (left > 0) {
        if ((value & 0xC0) != 0x80) {
          return false;
        }
        left--;
      } else if (value >= 0x80) {
        left = value >= 0xF0 ? 3 : value >= 0xE0 ? 2 : 1;
        if (value < 0xC2 || value > 0xF4) {
          return false;
        }
      } else if (value < ' ' ? value != '\n' && value != '\r' && value != '\t' : value == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
