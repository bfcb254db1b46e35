package org.vistadr.segments;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/// Facts on their way into segments: deflated into files of bounded size, so that the catalog is
/// read at its own pace and sent at the secondary's. The files are gone after [#close]; what a
/// crash leaves is removed by the next one. Not thread-safe.
final class Spool implements AutoCloseable {

  /// Facts of a file at most, however well they deflate.
  private static final int MOST_FACTS = 200_000;

  private final Path directory;
  private final long partSize;
  private final List<Path> parts = new ArrayList<>();
  private @Nullable Part open;

  /// @param directory of this spool alone
  /// @param partSize size of a file, about
  Spool(Path directory, long partSize) {
    this.directory = directory;
    this.partSize = partSize;
    try {
      Files.createDirectories(directory);
      clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Adds the bytes of a fact.
  void add(byte[] fact) {
    try {
      Part part = open;
      if (part == null) {
        part = new Part(directory.resolve("part-%06d".formatted(parts.size())));
        parts.add(part.file);
        open = part;
      }
      if (part.add(fact) >= partSize || part.facts >= MOST_FACTS) {
        part.close();
        open = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The files, in order; at least one. Nothing is added any more.
  List<Path> parts() {
    try {
      if (open != null) {
        open.close();
        open = null;
      }
      return List.copyOf(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (open != null) {
        open.close();
        open = null;
      }
      clear();
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void clear() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Part implements AutoCloseable {

    private final Path file;
    private final Counted counted;
    private final DataOutputStream out;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private int facts;

    private Part(Path file) throws IOException {
      this.file = file;
      counted = new Counted(new BufferedOutputStream(Files.newOutputStream(file)));
      out =
          new DataOutputStream(
              new BufferedOutputStream(new DeflaterOutputStream(counted, deflater, 1 << 14)));
    }

    private long add(byte[] fact) throws IOException {
      out.writeInt(fact.length);
      out.write(fact);
      facts++;
      return counted.bytes;
    }

    @Override
    public void close() throws IOException {
      out.close();
      deflater.end();
    }
  }

  private static final class Counted extends OutputStream {

    private final OutputStream out;
    private long bytes;

    private Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      out.write(b, offset, length);
      bytes += length;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
