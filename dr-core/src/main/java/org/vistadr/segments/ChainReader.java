package org.vistadr.segments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.CatalogFact;
import org.vistadr.model.Sha256;
import org.vistadr.storage.StorageException;

/// Reads a chain group by group: a group counts only when each of its segments is there, is what
/// was written and follows the one before it. The segments of a group are kept in files until it is
/// known to be whole, so that nothing of a broken one is ever taken. Constant memory.
///
/// @param site the secondary
/// @param directory for the files, made and removed here
record ChainReader(SegmentSite site, Path directory) {

  /// Told of what is read.
  interface Taker {
    /// A group follows, whole and proved.
    ///
    /// @param end header of its last segment
    void group(SegmentHeader end);

    /// A fact of the group.
    void fact(CatalogFact fact);

    /// So many of the chain's segments were read.
    void progress(long segments, long of);
  }

  /// How far a chain could be read.
  ///
  /// @param last header of the last segment of the last whole group; empty when not even the
  ///   snapshot is whole
  /// @param trouble why it ends there; empty when nothing was wrong
  record Reached(Optional<SegmentHeader> last, Optional<String> trouble) {}

  /// Reads a chain.
  ///
  /// @param segments in order
  /// @throws StorageException when the secondary does not answer; that says nothing of the chain
  Reached read(List<SegmentSite.Found> segments, Taker taker) throws StorageException, IOException {
    Optional<SegmentHeader> last = Optional.empty();
    Optional<Sha256> predecessor = Optional.empty();
    List<Path> group = new ArrayList<>();
    Files.createDirectories(directory);
    try {
      long expected = 1;
      for (SegmentSite.Found found : segments) {
        SegmentName name = found.name();
        if (name.number() != expected) {
          return new Reached(
              last, Optional.of("segment %d of %s is missing".formatted(expected, name.chain())));
        }
        byte[] bytes;
        SegmentFormat.Segment segment;
        try {
          bytes = site.read(found);
          segment = SegmentFormat.read(bytes);
          requireItsPlace(segment, name, predecessor);
        } catch (IOException
            | StorageException.NotFound
            | StorageException.PreconditionFailed
            | StorageException.CorruptBody e) {
          return new Reached(
              last, Optional.of("%s is damaged: %s".formatted(name.key(), e.getMessage())));
        }
        if (name.first() == name.number()) {
          clear(group);
        }
        Path file = directory.resolve("read-%010d".formatted(name.number()));
        Files.write(file, bytes);
        group.add(file);
        if (name.end()) {
          // Groups that were not ended are told again, and more, by the one after them.
          if (last.isEmpty() && !segment.header().snapshot()) {
            return new Reached(last, Optional.of("%s begins nowhere".formatted(name.chain())));
          }
          take(group, segment.header(), taker);
          last = Optional.of(segment.header());
          clear(group);
        }
        predecessor = Optional.of(segment.sha256());
        taker.progress(expected, segments.size());
        expected++;
      }
      return new Reached(
          last,
          group.isEmpty()
              ? Optional.empty()
              : Optional.of("the last segments were not written to their end"));
    } finally {
      clear(group);
      Files.deleteIfExists(directory);
    }
  }

  /// Whether a chain can be read to its end.
  boolean isWhole(List<SegmentSite.Found> segments) throws StorageException {
    try {
      Reached reached =
          read(
              segments,
              new Taker() {
                @Override
                public void group(SegmentHeader end) {}

                @Override
                public void fact(CatalogFact fact) {}

                @Override
                public void progress(long done, long of) {}
              });
      return reached.last().isPresent() && reached.trouble().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static void requireItsPlace(
      SegmentFormat.Segment segment, SegmentName name, Optional<Sha256> predecessor)
      throws IOException {
    if (!segment.header().name().equals(name)) {
      throw new IOException("it is the segment %s".formatted(segment.header().name().key()));
    }
    // The first names the chain before, which need not be there any more.
    if (name.number() > 1 && !segment.header().predecessor().equals(predecessor)) {
      throw new IOException("it does not follow the segment before it");
    }
  }

  private static void take(List<Path> group, SegmentHeader end, Taker taker) throws IOException {
    taker.group(end);
    for (Path file : group) {
      SegmentFormat.facts(SegmentFormat.read(Files.readAllBytes(file)), taker::fact);
    }
  }

  private static void clear(List<Path> group) throws IOException {
    for (Path file : group) {
      Files.deleteIfExists(file);
    }
    group.clear();
  }
}
