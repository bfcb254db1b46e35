package org.vistadr.restore.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.model.ObjectKey;

final class FileNamesTest {

  private static final FileNames EXACT = new FileNames(true, true, true, 1024);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a/b", "A b/c.d", "é", "...", ".hidden", "a\\b", "-", "~", "a/.vistadr/b"})
  void ordinaryKeysAreTheirOwnPath(String key) {
    assertThat(EXACT.plain(new ObjectKey(key))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/.",
        "a\u0000b",
        "a\nb",
        "\u0085",
        ".vistadr",
        "vistadr-mapping.jsonl",
        "vistadr-mapping.jsonl/a"
      })
  void keysThatNoFileCanHaveStandAside(String key) {
    assertThat(EXACT.plain(new ObjectKey(key))).isFalse();
    assertThat(FileNames.mapped(new ObjectKey(key)))
        .matches("\\.vistadr/mapped/[0-9a-f]{2}/[0-9a-f]{64}-[a-z0-9._-]*");
  }

  @Test
  void longNamesAndLongPathsStandAside() {
    assertThat(EXACT.plain(new ObjectKey("x".repeat(255)))).isTrue();
    assertThat(EXACT.plain(new ObjectKey("x".repeat(256)))).isFalse();
    assertThat(EXACT.plain(new ObjectKey("é".repeat(128)))).isFalse();
    assertThat(new FileNames(true, true, true, 9).plain(new ObjectKey("1234567890"))).isFalse();
  }

  /// On a file system that folds case and Unicode forms, no two keys are one file.
  @Test
  void noTwoKeysShareAPathWhateverTheFileSystemFolds() {
    var folding = new FileNames(false, false, true, 1024);
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var letters = List.of("a", "A", "b", "é", "e\u0301", "E", "\u017f", "s", "S", "ß", "/", ".");
    var paths = new HashMap<String, String>();
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        text.append(letters.get(random.nextInt(letters.size())));
      }
      var key = new ObjectKey(text.toString());
      var path = folding.plain(key) ? key.value() : FileNames.mapped(key);
      var file =
          Normalizer.normalize(
              path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
      var before = paths.putIfAbsent(file, key.value());
      assertThat(before == null || before.equals(key.value()))
          .as("seed %d: '%s' and '%s' share %s", seed, before, key, file)
          .isTrue();
    }
  }

  @Test
  void theFileSystemIsAskedAndLeftAsItWas() throws Exception {
    var names = FileNames.probe(directory, directory.resolve("below"));
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
    assertThat(names.longest())
        .isLessThan(
            4096 - directory.resolve("below").toString().getBytes(StandardCharsets.UTF_8).length);
    Files.createFile(directory.resolve("x"));
    assertThat(names.exactCase()).isEqualTo(Files.notExists(directory.resolve("X")));
  }
}
