package org.vistadr.segments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.catalog.CatalogFact;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.Entry;
import org.vistadr.model.Hold;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Facts as bytes, and back. The same fact always becomes the same bytes, so that hashes of facts
/// can be compared. Numbers are big-endian, texts are UTF-8 after their length in four bytes, what
/// may be absent follows a byte 0 or 1. Pure.
final class FactCodec {

  private static final int VERSION = 1;
  private static final int SCAN = 2;
  private static final int SPAN = 3;
  private static final int SECONDARY = 4;
  private static final int TOTALS = 5;
  private static final int CHECKPOINTS = 6;
  private static final int HOLDS = 7;
  private static final int BUCKET_CONFIGS = 8;

  /// Longer than any text of a fact.
  private static final int LONGEST_TEXT = 16 << 20;

  private FactCodec() {}

  /// The bytes of a fact.
  static byte[] encode(CatalogFact fact) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (fact) {
        case CatalogFact.Version version -> write(out, version);
        case CatalogFact.Scan scan -> write(out, scan);
        case CatalogFact.Span span -> write(out, span);
        case CatalogFact.Secondary secondary -> write(out, secondary);
        case CatalogFact.Totals totals -> write(out, totals);
        case CatalogFact.Checkpoints checkpoints -> write(out, checkpoints);
        case CatalogFact.Holds holds -> write(out, holds);
        case CatalogFact.BucketConfigs configs -> ConfigCodec.write(out, BUCKET_CONFIGS, configs);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The fact of these bytes.
  ///
  /// @throws IOException when they are none
  static CatalogFact decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int kind = in.readUnsignedByte();
      CatalogFact fact =
          switch (kind) {
            case VERSION -> version(in);
            case SCAN -> scan(in);
            case SPAN -> span(in);
            case SECONDARY -> secondary(in);
            case TOTALS -> totals(in);
            case CHECKPOINTS -> checkpoints(in);
            case HOLDS -> holds(in);
            case BUCKET_CONFIGS -> ConfigCodec.read(in);
            default -> throw new IOException("a fact of the unknown kind %d".formatted(kind));
          };
      if (in.read() >= 0) {
        throw new IOException("a fact with bytes left over");
      }
      return fact;
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException("a fact that cannot be: " + e.getMessage(), e);
    }
  }

  private static void write(DataOutputStream out, CatalogFact.Version fact) throws IOException {
    RecordedVersion version = fact.version();
    out.writeByte(VERSION);
    out.writeLong(version.id());
    text(out, version.key().value());
    out.writeLong(version.rank());
    out.writeByte(
        switch (version.origin()) {
          case LISTED -> 0;
          case INFERRED -> 1;
        });
    text(out, version.versionId().value());
    time(out, version.lastModified());
    switch (version.entry()) {
      case Entry.Content(String etag, long size, String storageClass) -> {
        out.writeByte(0);
        text(out, etag);
        out.writeLong(size);
        text(out, storageClass);
      }
      case Entry.DeleteMarker() -> out.writeByte(1);
    }
    out.writeLong(version.seenInScan());
    optionalTime(out, version.visibleAfter());
    optionalLong(out, version.purgedInScan());
    optionalText(out, version.sha256().map(Sha256::hex));
    optionalText(out, fact.attributes());
    out.writeInt(fact.copies().size());
    for (CatalogFact.Copy copy : fact.copies()) {
      out.writeInt(copy.secondary());
      optionalText(out, copy.location().map(ObjectKey::value));
      optionalText(out, copy.remoteVersion().map(VersionId::value));
      text(out, copy.etag());
      time(out, copy.durableAt());
      optionalText(out, copy.storageClass());
    }
    out.writeInt(fact.waiting().size());
    for (CatalogFact.Waiting waiting : fact.waiting()) {
      out.writeInt(waiting.secondary());
      text(out, waiting.state().name());
      out.writeLong(waiting.missedInScan());
      text(out, waiting.reason());
    }
  }

  private static CatalogFact.Version version(DataInputStream in) throws IOException {
    long id = in.readLong();
    ObjectKey key = new ObjectKey(text(in));
    long rank = in.readLong();
    Origin origin = in.readByte() == 0 ? Origin.LISTED : Origin.INFERRED;
    VersionId versionId = new VersionId(text(in));
    Instant lastModified = time(in);
    Entry entry =
        in.readByte() == 0
            ? new Entry.Content(text(in), in.readLong(), text(in))
            : new Entry.DeleteMarker();
    RecordedVersion version =
        new RecordedVersion(
            id,
            key,
            rank,
            origin,
            versionId,
            lastModified,
            entry,
            in.readLong(),
            optionalTime(in),
            optionalLong(in),
            optionalText(in).map(Sha256::new));
    Optional<String> attributes = optionalText(in);
    List<CatalogFact.Copy> copies = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      copies.add(
          new CatalogFact.Copy(
              in.readInt(),
              optionalText(in).map(ObjectKey::new),
              optionalText(in).map(VersionId::new),
              text(in),
              time(in),
              optionalText(in)));
    }
    List<CatalogFact.Waiting> waiting = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      waiting.add(
          new CatalogFact.Waiting(
              in.readInt(), ReplicaState.valueOf(text(in)), in.readLong(), text(in)));
    }
    return new CatalogFact.Version(version, attributes, copies, waiting);
  }

  private static void write(DataOutputStream out, CatalogFact.Scan scan) throws IOException {
    out.writeByte(SCAN);
    out.writeLong(scan.number());
    time(out, scan.startedAt());
    optionalTime(out, scan.endedAt());
    text(out, scan.regime().name());
    text(out, scan.state().name());
    out.writeLong(scan.keys());
    out.writeLong(scan.versions());
    text(out, scan.reason());
  }

  private static CatalogFact.Scan scan(DataInputStream in) throws IOException {
    return new CatalogFact.Scan(
        in.readLong(),
        time(in),
        optionalTime(in),
        Regime.valueOf(text(in)),
        ScanLog.State.valueOf(text(in)),
        in.readLong(),
        in.readLong(),
        text(in));
  }

  private static void write(DataOutputStream out, CatalogFact.Span span) throws IOException {
    out.writeByte(SPAN);
    out.writeLong(span.firstScan());
    text(out, span.regime().name());
    time(out, span.firstAt());
    out.writeLong(span.lastScan());
    time(out, span.lastAt());
    out.writeLong(span.scans());
  }

  private static CatalogFact.Span span(DataInputStream in) throws IOException {
    return new CatalogFact.Span(
        in.readLong(), Regime.valueOf(text(in)), time(in), in.readLong(), time(in), in.readLong());
  }

  private static void write(DataOutputStream out, CatalogFact.Secondary secondary)
      throws IOException {
    out.writeByte(SECONDARY);
    out.writeInt(secondary.id());
    text(out, secondary.name().value());
    out.writeBoolean(secondary.declared());
    time(out, secondary.declaredAt());
    out.writeLong(secondary.backfilledThrough());
    out.writeLong(secondary.backfillUntil());
    optionalTime(out, secondary.recoveryPoint());
    out.writeLong(secondary.recoveryScan());
    out.writeLong(secondary.durableObjects());
    out.writeLong(secondary.durableBytes());
  }

  private static CatalogFact.Secondary secondary(DataInputStream in) throws IOException {
    return new CatalogFact.Secondary(
        in.readInt(),
        new SiteName(text(in)),
        in.readBoolean(),
        time(in),
        in.readLong(),
        in.readLong(),
        optionalTime(in),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  private static void write(DataOutputStream out, CatalogFact.Totals totals) throws IOException {
    out.writeByte(TOTALS);
    out.writeLong(totals.contentObjects());
    out.writeLong(totals.contentBytes());
    out.writeLong(totals.currentObjects());
    out.writeLong(totals.currentBytes());
    out.writeLong(totals.deleteMarkers());
    out.writeLong(totals.purgedObjects());
    optionalLong(out, totals.oldestModified());
  }

  private static CatalogFact.Totals totals(DataInputStream in) throws IOException {
    return new CatalogFact.Totals(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        optionalLong(in));
  }

  private static void write(DataOutputStream out, CatalogFact.Checkpoints fact) throws IOException {
    out.writeByte(CHECKPOINTS);
    out.writeLong(fact.changes());
    out.writeInt(fact.checkpoints().size());
    for (NamedCheckpoint checkpoint : fact.checkpoints()) {
      text(out, checkpoint.name().value());
      time(out, checkpoint.at());
      time(out, checkpoint.madeAt());
      text(out, checkpoint.madeBy());
      text(out, checkpoint.note());
      out.writeBoolean(checkpoint.held());
    }
  }

  private static CatalogFact.Checkpoints checkpoints(DataInputStream in) throws IOException {
    long changes = in.readLong();
    List<NamedCheckpoint> checkpoints = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      checkpoints.add(
          new NamedCheckpoint(
              new CheckpointName(text(in)),
              time(in),
              time(in),
              text(in),
              text(in),
              in.readBoolean()));
    }
    return new CatalogFact.Checkpoints(changes, checkpoints);
  }

  private static void write(DataOutputStream out, CatalogFact.Holds fact) throws IOException {
    out.writeByte(HOLDS);
    out.writeLong(fact.changes());
    out.writeInt(fact.holds().size());
    for (Hold hold : fact.holds()) {
      out.writeLong(hold.id());
      out.writeBoolean(hold.prefix());
      text(out, hold.text());
      text(out, hold.reason());
      time(out, hold.madeAt());
      text(out, hold.madeBy());
    }
  }

  private static CatalogFact.Holds holds(DataInputStream in) throws IOException {
    long changes = in.readLong();
    List<Hold> holds = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      holds.add(new Hold(in.readLong(), in.readBoolean(), text(in), text(in), time(in), text(in)));
    }
    return new CatalogFact.Holds(changes, holds);
  }

  static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LONGEST_TEXT) {
      throw new IOException("a text of %d bytes".formatted(length));
    }
    byte[] utf8 = in.readNBytes(length);
    if (utf8.length < length) {
      throw new IOException("a text that was cut short");
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }

  static void time(DataOutputStream out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  static Instant time(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void optionalTime(DataOutputStream out, Optional<Instant> time)
      throws IOException {
    out.writeBoolean(time.isPresent());
    if (time.isPresent()) {
      time(out, time.get());
    }
  }

  private static Optional<Instant> optionalTime(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(time(in)) : Optional.empty();
  }

  private static void optionalText(DataOutputStream out, Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    if (text.isPresent()) {
      text(out, text.get());
    }
  }

  private static Optional<String> optionalText(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(text(in)) : Optional.empty();
  }

  private static void optionalLong(DataOutputStream out, OptionalLong number) throws IOException {
    out.writeBoolean(number.isPresent());
    if (number.isPresent()) {
      out.writeLong(number.getAsLong());
    }
  }

  private static OptionalLong optionalLong(DataInputStream in) throws IOException {
    return in.readBoolean() ? OptionalLong.of(in.readLong()) : OptionalLong.empty();
  }
}
