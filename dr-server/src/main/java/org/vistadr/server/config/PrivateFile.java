package org.vistadr.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// Files that hold secrets: refused when others may use them. Their text never goes into a message.
public final class PrivateFile {

  private static final Set<PosixFilePermission> ALLOWED =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_READ);

  private PrivateFile() {}

  /// The file's text.
  ///
  /// @param key the key that names the file
  /// @throws ConfigProblem when it does not exist, cannot be read, is empty or may be used by
  ///   others
  public static String read(String key, Path file) {
    try {
      if (!Files.exists(file)) {
        throw new ConfigProblem(
            key, "%s does not exist".formatted(file), "write the secret into it and chmod 600 it");
      }
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!ALLOWED.containsAll(permissions)) {
          throw new ConfigProblem(
              key,
              "%s may be used by others (%s)"
                  .formatted(file, PosixFilePermissions.toString(permissions)),
              "chmod 600 %s".formatted(file));
        }
      }
      String text = Files.readString(file);
      if (text.isBlank()) {
        throw new ConfigProblem(
            key, "%s is empty".formatted(file), "write the secret alone into it");
      }
      return text;
    } catch (IOException _) {
      throw new ConfigProblem(
          key,
          "%s cannot be read".formatted(file),
          "give it to the daemon's user (chown) and chmod 600 it");
    }
  }
}
