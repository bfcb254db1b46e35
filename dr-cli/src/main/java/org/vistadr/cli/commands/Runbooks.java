package org.vistadr.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The runbooks that are packed with the command. Immutable.
final class Runbooks {

  private static final String FOLDER = "runbooks/";
  private static final String ENDING = ".md";

  private Runbooks() {}

  /// All names, sorted.
  static List<String> names() {
    try {
      Path place =
          Path.of(Runbooks.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(place) ? fromFolder(place.resolve(FOLDER)) : fromJar(place);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// The text of one, whatever the case of its name.
  static Optional<String> text(String name) {
    String wanted = name.toLowerCase(Locale.ROOT).replaceFirst("\\.md$", "");
    return names().stream()
        .filter(known -> known.toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst()
        .map(Runbooks::read);
  }

  private static String read(String name) {
    try (InputStream text =
        Runbooks.class.getClassLoader().getResourceAsStream(FOLDER + name + ENDING)) {
      return text == null ? "" : new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static List<String> fromFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return sorted(files.map(file -> FOLDER + file.getFileName()));
    }
  }

  private static List<String> fromJar(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return sorted(zip.stream().map(ZipEntry::getName));
    }
  }

  private static List<String> sorted(Stream<String> entries) {
    return entries
        .filter(entry -> entry.startsWith(FOLDER) && entry.endsWith(ENDING))
        .map(entry -> entry.substring(FOLDER.length(), entry.length() - ENDING.length()))
        .filter(name -> !name.contains("/") && !name.equals("README"))
        .sorted()
        .toList();
  }
}
