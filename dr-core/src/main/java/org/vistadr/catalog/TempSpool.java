package org.vistadr.catalog;

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
import org.vistadr.model.VersionId;

/// Things that are needed once more, in the order of adding, in a temporary file, so that however
/// many there are cost no memory. First all are added, then all are taken. Not thread-safe.
///
/// @param <T> what it holds
public final class TempSpool<T> implements AutoCloseable {

  private final Codec<T> codec;
  private @Nullable Path file;
  private @Nullable DataOutputStream out;
  private @Nullable DataInputStream in;

  /// @param codec says how one thing stands in the file
  public TempSpool(Codec<T> codec) {
    this.codec = codec;
  }

  /// Keys.
  public static TempSpool<ObjectKey> ofKeys() {
    return new TempSpool<>(
        new Codec<>() {
          @Override
          public void write(DataOutputStream to, ObjectKey key) throws IOException {
            TempSpool.write(to, key);
          }

          @Override
          public ObjectKey read(DataInputStream from) throws IOException {
            return readKey(from);
          }
        });
  }

  /// Adds one.
  public void add(T thing) {
    try {
      if (out == null) {
        file = Files.createTempFile("vistadr-", ".spool");
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
      }
      out.writeByte(1);
      codec.write(out, thing);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a temporary list", e);
    }
  }

  /// The next one in the order of adding. Nothing may be added after the first call.
  public Optional<T> poll() {
    if (file == null || out == null) {
      return Optional.empty();
    }
    try {
      if (in == null) {
        out.close();
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
      }
      try {
        in.readByte();
      } catch (EOFException _) {
        return Optional.empty();
      }
      return Optional.of(codec.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a temporary list", e);
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
      throw new UncheckedIOException("cannot remove a temporary list", e);
    }
  }

  /// Writes a key.
  public static void write(DataOutputStream to, ObjectKey key) throws IOException {
    byte[] utf8 = key.utf8();
    to.writeShort(utf8.length);
    to.write(utf8);
  }

  /// Reads a key.
  public static ObjectKey readKey(DataInputStream from) throws IOException {
    return ObjectKey.ofUtf8(from.readNBytes(from.readUnsignedShort()));
  }

  /// Writes a version id that may be missing.
  public static void write(DataOutputStream to, Optional<VersionId> version) throws IOException {
    to.writeBoolean(version.isPresent());
    if (version.isPresent()) {
      to.writeUTF(version.get().value());
    }
  }

  /// Reads a version id that may be missing.
  public static Optional<VersionId> readVersion(DataInputStream from) throws IOException {
    return from.readBoolean() ? Optional.of(new VersionId(from.readUTF())) : Optional.empty();
  }

  /// How one thing stands in the file.
  public interface Codec<T> {
    /// Writes it.
    void write(DataOutputStream to, T thing) throws IOException;

    /// Reads it.
    T read(DataInputStream from) throws IOException;
  }
}
