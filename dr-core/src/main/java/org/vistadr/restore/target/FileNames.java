package org.vistadr.restore.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.UUID;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;

/// Which path a key gets below a directory. Most keys are their own path; one that the file system
/// cannot hold, or would take for another one, gets a path below [#MAPPED] that its hash makes
/// unique. The rule looks at one key at a time, so it needs no memory, and no two keys ever share a
/// path. Pure, but for [#probe].
///
/// @param exactCase whether names that differ in the case of letters only are different
/// @param exactUnicode whether names that differ in their Unicode form only are different
/// @param unicode whether names can have letters outside ASCII
/// @param longest bytes that a key may have to be its own path
public record FileNames(boolean exactCase, boolean exactUnicode, boolean unicode, int longest) {

  /// Everything of ours in a target directory is below it; no key is.
  static final String OURS = ".vistadr";

  /// Tells for each object that was written which key it has, and all that a file cannot hold.
  static final String MAPPING = "vistadr-mapping.jsonl";

  private static final String MAPPED = OURS + "/mapped/";
  private static final int LONGEST_NAME = 255;
  private static final int TAIL = 60;

  /// Bytes of a path that every system takes, and that Linux takes.
  private static final int ANY_SYSTEM = 1000;

  private static final int LINUX = 4000;

  /// Looks how a file system treats names, by making a file for a moment.
  ///
  /// @param directory exists
  /// @param target below it or the same
  static FileNames probe(Path directory, Path target) throws IOException {
    int most = System.getProperty("os.name", "").equals("Linux") ? LINUX : ANY_SYSTEM;
    int longest = most - target.toString().getBytes(StandardCharsets.UTF_8).length - 1;
    var name = OURS + "-probe-" + UUID.randomUUID() + "-k";
    try {
      return withProbe(directory, name + "\u00e9", true, longest);
    } catch (InvalidPathException _) {
      return withProbe(directory, name, false, longest);
    }
  }

  private static FileNames withProbe(Path directory, String name, boolean unicode, int longest)
      throws IOException {
    var probe = directory.resolve(name);
    Files.createFile(probe);
    try {
      return new FileNames(
          Files.notExists(directory.resolve(name.toUpperCase(Locale.ROOT))),
          !unicode
              || Files.notExists(
                  directory.resolve(Normalizer.normalize(name, Normalizer.Form.NFD))),
          unicode,
          longest);
    } finally {
      Files.delete(probe);
    }
  }

  /// Whether a key can be its own path, as long as no other key makes a directory of it.
  boolean plain(ObjectKey key) {
    var text = key.value();
    return key.utf8().length <= longest
        && text.chars().allMatch(c -> !Character.isISOControl(c) && (unicode || c < 128))
        && (exactCase || text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).equals(text))
        && (exactUnicode || Normalizer.isNormalized(text, Normalizer.Form.NFC))
        && plainSegments(text.split("/", -1));
  }

  private static boolean plainSegments(String[] segments) {
    if (segments[0].equals(OURS) || segments[0].equals(MAPPING)) {
      return false;
    }
    for (var segment : segments) {
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        return false;
      }
    }
    return true;
  }

  /// The path of a key that cannot be its own: unique by the key's hash, with the end of the key
  /// for people.
  static String mapped(ObjectKey key) {
    var bytes = key.utf8();
    var hash = Sha256.digest(bytes, 0, bytes.length).hex();
    var readable = key.value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "_");
    var tail = readable.substring(Math.max(0, readable.length() - TAIL));
    return MAPPED + hash.substring(0, 2) + "/" + hash + "-" + tail;
  }
}
