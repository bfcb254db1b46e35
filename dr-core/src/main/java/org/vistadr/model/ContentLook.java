package org.vistadr.model;

/// What the first bytes of an object look like: what kind of file they begin, or, when they begin
/// none that is known, whether they could be noise. So little that it is kept with every version,
/// and enough to see that an image is none any more. Pure.
///
/// @param kind the file's kind
/// @param texture how the bytes are spread; only told of unrecognised ones
public record ContentLook(ContentKind kind, Texture texture) {

  /// Bytes of a head that are looked at; more are not needed.
  public static final int HEAD = 1024;

  /// Fewer bytes than this are too few to tell noise from anything else.
  private static final int FEWEST = 128;

  /// Chi-square of uniform noise over 256 values has the mean 255 and the standard deviation 22.6,
  /// whatever the number of bytes; six deviations above it, one head of noise in a thousand million
  /// is missed. 1 KiB of text is above 10 000.
  private static final long MOST_OF_NOISE = 255 + 6 * 23;

  /// How bytes are spread.
  public enum Texture {
    /// Nobody asked, or they are too few.
    UNTOLD,
    /// Not evenly.
    ORDERED,
    /// As evenly as noise: encrypted, or compressed without a known signature.
    NOISE
  }

  /// Looks at the beginning of an object.
  ///
  /// @param length bytes that there are; those after [#HEAD] do not matter
  public static ContentLook of(byte[] data, int offset, int length) {
    int size = Math.min(length, HEAD);
    ContentKind kind = ContentSignatures.find(data, offset, size);
    return new ContentLook(
        kind, kind == ContentKind.UNRECOGNISED ? texture(data, offset, size) : Texture.UNTOLD);
  }

  private static Texture texture(byte[] data, int offset, int size) {
    if (size < FEWEST) {
      return Texture.UNTOLD;
    }
    int[] counts = new int[256];
    for (int i = offset; i < offset + size; i++) {
      counts[data[i] & 0xff]++;
    }
    long squares = 0;
    for (int count : counts) {
      squares += (long) count * count;
    }
    return squares * 256 / size - size <= MOST_OF_NOISE ? Texture.NOISE : Texture.ORDERED;
  }

  /// Whether content with this look, in the place of other content, is what encryption leaves
  /// behind.
  ///
  /// A file of a known kind is none, also where it was another kind before: images that are written
  /// anew in another format, or put into archives, keep a signature. Encrypted files and archives
  /// have signatures of their own, and count. Text may become anything but noise.
  public boolean hides(ContentLook before) {
    return switch (kind) {
      case ENCRYPTED -> before.kind != ContentKind.ENCRYPTED;
      case UNRECOGNISED ->
          switch (before.kind) {
            case ENCRYPTED -> false;
            case UNRECOGNISED -> texture == Texture.NOISE && before.texture == Texture.ORDERED;
            case TEXT -> texture == Texture.NOISE;
            default -> true;
          };
      default -> false;
    };
  }

  /// The form in which a catalog keeps it.
  public short code() {
    int spread =
        switch (texture) {
          case UNTOLD -> 0;
          case ORDERED -> 1;
          case NOISE -> 2;
        };
    return (short) (kind.code() * 4 + spread);
  }

  /// What [#code] wrote. A kind that a newer program knows is taken for unrecognised.
  public static ContentLook ofCode(int code) {
    return new ContentLook(
        ContentKind.ofCode(code / 4),
        switch (code % 4) {
          case 1 -> Texture.ORDERED;
          case 2 -> Texture.NOISE;
          default -> Texture.UNTOLD;
        });
  }

  @Override
  public String toString() {
    return kind == ContentKind.UNRECOGNISED && texture == Texture.NOISE ? "noise" : kind.words();
  }
}
