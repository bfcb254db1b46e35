package org.vistadr.restore.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where on this machine restores may write. Symbolic links in a directory's own path are resolved
/// before it is compared.
///
/// @param below these and what is below them; empty for everywhere
public record AllowedDirectories(Optional<List<Path>> below) {

  /// Nowhere: restores write to buckets only.
  public static final AllowedDirectories NONE = new AllowedDirectories(Optional.of(List.of()));

  /// Everywhere that the process may write.
  public static final AllowedDirectories ANYWHERE = new AllowedDirectories(Optional.empty());

  /// Copies the list.
  public AllowedDirectories {
    below = below.map(List::copyOf);
  }

  /// Whether a real path lies in one of them.
  boolean allow(Path real) throws IOException {
    if (below.isEmpty()) {
      return true;
    }
    for (var directory : below.get()) {
      if (real.startsWith(real(directory))) {
        return true;
      }
    }
    return false;
  }

  /// The path without symbolic links, as far as it exists.
  static Path real(Path path) throws IOException {
    var normal = path.toAbsolutePath().normalize();
    var there = existing(normal);
    return there.toRealPath().resolve(there.relativize(normal));
  }

  /// The path itself, or the nearest directory above that exists.
  static Path existing(Path path) {
    for (var there = path; there != null; there = there.getParent()) {
      if (Files.exists(there)) {
        return there;
      }
    }
    return path.getRoot();
  }
}
