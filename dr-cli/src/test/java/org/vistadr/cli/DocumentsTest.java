package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The documents of the repository hold together.
final class DocumentsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE =
      Pattern.compile("`((?:[A-Z]\\w+|[a-z]+[A-Z]\\w*)(?:\\.[a-z]\\w*)?)`");

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> runbooks = Files.list(ROOT.resolve("runbooks"))) {
      return Stream.of(top, docs, runbooks)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    Matcher links = LINK.matcher(Files.readString(document));
    while (links.find()) {
      String target = links.group(1);
      if (target.startsWith("http")) {
        continue;
      }
      String[] parts = target.split("#", 2);
      Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
      assertThat(file).as("link to %s in %s", target, document).exists();
      if (parts.length == 2) {
        assertThat(anchors(file)).as("link to %s in %s", target, document).contains(parts[1]);
      }
    }
  }

  /// Classes and methods that stand in backquotes.
  @ParameterizedTest
  @ValueSource(strings = {"TESTING.md", "docs/architecture.md"})
  void codeThatIsNamedExists(String document) throws IOException {
    Set<String> words = wordsOfTheCode();
    Matcher names = CODE.matcher(Files.readString(ROOT.resolve(document)));
    Set<String> missing = new TreeSet<>();
    while (names.find()) {
      for (String name : names.group(1).split("\\.")) {
        if (!words.contains(name)) {
          missing.add(names.group(1));
        }
      }
    }
    assertThat(missing).as(document).isEmpty();
  }

  private static Set<String> wordsOfTheCode() throws IOException {
    Set<String> words = new HashSet<>();
    for (String module : List.of("dr-core", "dr-server", "dr-cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
          words.addAll(List.of(Files.readString(file).split("\\W+")));
        }
      }
    }
    return words;
  }

  private static List<String> anchors(Path file) {
    return DocumentedCommand.lines(file).stream()
        .filter(line -> line.startsWith("#"))
        .map(line ->
            line.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .toList();
  }
}
