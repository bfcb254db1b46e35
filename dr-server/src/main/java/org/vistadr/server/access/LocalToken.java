package org.vistadr.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.vistadr.server.config.ConfigProblem;

/// A token for the command line on the same machine, made at the first start of a daemon without
/// token files. Who may read the store's directory may use it.
public final class LocalToken {

  private LocalToken() {}

  /// The token's file, made when missing, readable by its owner alone.
  ///
  /// @param directory the store's directory
  public static Path in(Path directory) {
    Path file = directory.resolve("token");
    if (Files.exists(file)) {
      return file;
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    try {
      Files.createDirectories(directory);
      Path fresh =
          Files.createTempFile(
              directory,
              "token",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          fresh, HexFormat.of().formatHex(random) + "\n", StandardOpenOption.TRUNCATE_EXISTING);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      return Files.move(fresh, file);
    } catch (IOException e) {
      throw new ConfigProblem(
          "store.path",
          "%s cannot be written: %s".formatted(directory, e.getMessage()),
          "create the directory and give it to the daemon's user, mode 700");
    }
  }
}
