package org.vistadr.segments;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.InflaterInputStream;
import org.vistadr.catalog.CatalogFact;
import org.vistadr.model.Sha256;

/// The bytes of a segment: the line `vistadr segment 1`, the header, the facts (each after its
/// length in four bytes, all deflated as of RFC 1950), and the SHA-256 of everything before it.
/// Pure.
final class SegmentFormat {

  private static final byte[] MAGIC = "vistadr segment 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH = 32;
  private static final int LONGEST_FACT = 64 << 20;

  private SegmentFormat() {}

  /// A segment that was read and whose hash is right.
  ///
  /// @param header what it says of itself
  /// @param sha256 its hash, by which the next one names it
  /// @param body the deflated facts
  record Segment(SegmentHeader header, Sha256 sha256, byte[] body) {}

  /// Takes facts.
  interface Take {
    void fact(CatalogFact fact);
  }

  /// Puts a segment together.
  ///
  /// @param body the deflated facts
  static byte[] write(SegmentHeader header, byte[] body) {
    Instant stateAt = header.stateAt();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 512);
    MessageDigest digest = Sha256.newDigest();
    try (DataOutputStream out = new DataOutputStream(new DigestOutputStream(bytes, digest))) {
      out.write(MAGIC);
      out.writeUTF(header.catalogId());
      out.writeUTF(header.name().chain());
      out.writeLong(header.name().number());
      out.writeLong(header.name().first());
      out.writeBoolean(header.name().end());
      out.writeLong(header.generation());
      out.writeLong(stateAt.getEpochSecond());
      out.writeInt(stateAt.getNano());
      out.writeBoolean(header.snapshot());
      out.writeUTF(header.predecessor().map(Sha256::hex).orElse(""));
      out.writeUTF(header.digest().map(Sha256::hex).orElse(""));
      out.writeInt(body.length);
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.writeBytes(digest.digest());
    return bytes.toByteArray();
  }

  /// The hash by which the next segment names this one.
  static Sha256 hashOf(byte[] segment) {
    return Sha256.ofBytes(Arrays.copyOfRange(segment, segment.length - HASH, segment.length));
  }

  /// Reads a segment.
  ///
  /// @throws IOException when it is not exactly what was written
  static Segment read(byte[] segment) throws IOException {
    int length = segment.length - HASH;
    if (length < MAGIC.length || !Arrays.equals(segment, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException("it is no segment of a kind that this program knows");
    }
    Sha256 sha256 = hashOf(segment);
    if (!Sha256.digest(segment, 0, length).equals(sha256)) {
      throw new IOException("its bytes are not those that were written");
    }
    try (DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(segment, MAGIC.length, length - MAGIC.length))) {
      String catalogId = in.readUTF();
      SegmentName name =
          new SegmentName(in.readUTF(), in.readLong(), in.readLong(), in.readBoolean());
      SegmentHeader header =
          new SegmentHeader(
              catalogId,
              name,
              in.readLong(),
              Instant.ofEpochSecond(in.readLong(), in.readInt()),
              in.readBoolean(),
              hash(in.readUTF()),
              hash(in.readUTF()));
      byte[] body = in.readNBytes(in.readInt());
      return new Segment(header, sha256, body);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException("its header cannot be: " + e.getMessage(), e);
    }
  }

  /// Reads the facts of a segment, one at a time.
  static void facts(Segment segment, Take take) throws IOException {
    try (InputStream inflated = new InflaterInputStream(new ByteArrayInputStream(segment.body));
        DataInputStream in = new DataInputStream(new BufferedInputStream(inflated, 1 << 16))) {
      while (true) {
        int length;
        try {
          length = in.readInt();
        } catch (EOFException end) {
          return;
        }
        if (length <= 0 || length > LONGEST_FACT) {
          throw new IOException("a fact of %d bytes".formatted(length));
        }
        byte[] fact = in.readNBytes(length);
        if (fact.length < length) {
          throw new IOException("a fact that was cut short");
        }
        take.fact(FactCodec.decode(fact));
      }
    }
  }

  private static Optional<Sha256> hash(String hex) {
    return hex.isEmpty() ? Optional.empty() : Optional.of(new Sha256(hex));
  }
}
