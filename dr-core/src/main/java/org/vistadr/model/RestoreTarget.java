package org.vistadr.model;

import java.nio.file.Path;
import java.util.Optional;

/// Where a restore writes.
public sealed interface RestoreTarget {

  /// The primary bucket, under the keys that the objects had.
  InPlace IN_PLACE = new InPlace();

  /// The primary bucket, under the keys that the objects had.
  record InPlace() implements RestoreTarget {}

  /// Another bucket, or another place in one.
  ///
  /// @param site a site of the configuration
  /// @param bucket a bucket that the site's credentials reach; empty is the site's own
  /// @param prefix what is put before each key; may be empty
  record Bucket(SiteName site, Optional<String> bucket, String prefix) implements RestoreTarget {
    /// The target as it is typed: `site`, `site/bucket`, `site/bucket/prefix`.
    public String words() {
      return bucket.map(name -> site + "/" + name).orElse(site.value())
          + (prefix.isEmpty() ? "" : "/" + prefix);
    }
  }

  /// A directory of the daemon's machine.
  ///
  /// @param path absolute
  record Directory(Path path) implements RestoreTarget {
    /// @throws IllegalArgumentException when the path is relative
    public Directory {
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException(
            "a directory to restore to must be an absolute path, got " + path);
      }
    }
  }

  /// Whether the primary bucket itself is written under the objects' own keys.
  default boolean inPlace() {
    return switch (this) {
      case InPlace() -> true;
      case Bucket _, Directory _ -> false;
    };
  }

  /// The target for people: `in place`, `site/bucket/prefix`, a path.
  default String text() {
    return switch (this) {
      case InPlace() -> "in place";
      case Bucket bucket -> bucket.words();
      case Directory(var path) -> path.toString();
    };
  }
}
