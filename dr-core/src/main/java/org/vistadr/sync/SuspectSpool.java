package org.vistadr.sync;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectKey;

/// Keys that need a second look once their range was listed to its end, in a temporary file, so
/// that a mass deletion costs no memory. Not thread-safe.
final class SuspectSpool implements AutoCloseable {

  private @Nullable Path file;
  private @Nullable DataOutputStream out;
  private @Nullable DataInputStream in;

  void add(ObjectKey key) {
    try {
      if (out == null) {
        file = Files.createTempFile("vistadr-suspects-", ".keys");
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
      }
      byte[] utf8 = key.utf8();
      out.writeShort(utf8.length);
      out.write(utf8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the temporary list of vanished keys", e);
    }
  }

  /// The next key in the order of adding. Nothing may be added after the first call.
  Optional<ObjectKey> poll() {
    if (file == null || out == null) {
      return Optional.empty();
    }
    try {
      if (in == null) {
        out.close();
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
      }
      int length;
      try {
        length = in.readUnsignedShort();
      } catch (EOFException _) {
        return Optional.empty();
      }
      return Optional.of(ObjectKey.ofUtf8(in.readNBytes(length)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the temporary list of vanished keys", e);
    }
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
      if (in != null) {
        in.close();
      }
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the temporary list of vanished keys", e);
    }
  }
}
