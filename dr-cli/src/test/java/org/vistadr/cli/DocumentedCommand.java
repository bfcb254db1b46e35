package org.vistadr.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `vistadr` command line that a document tells people to type.
///
/// @param document the file
/// @param line its number there
/// @param words the arguments as a shell would hand them over, without the command's own name
/// @param fenced whether it stands in a block of its own and not within a sentence
public record DocumentedCommand(Path document, int line, List<String> words, boolean fenced) {

  private static final Pattern INLINE = Pattern.compile("`(vistadr [^`]+)`");
  private static final Pattern COMMAND = Pattern.compile("(?:\\./)?vistadr(?: |$)(.*)");

  /// Every command line of a Markdown document: those within blocks marked `sh` and those within
  /// single backquotes.
  public static List<DocumentedCommand> in(Path document) {
    List<DocumentedCommand> found = new ArrayList<>();
    List<String> lines = lines(document);
    String block = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("```")) {
        block = block.isEmpty() ? line : "";
      } else if (block.isEmpty()) {
        Matcher inline = INLINE.matcher(line);
        while (inline.find()) {
          add(found, document, i + 1, inline.group(1), false);
        }
      } else if (block.equals("```sh")) {
        add(found, document, i + 1, line, true);
      } else if (block.equals("```console") && line.startsWith("$ ")) {
        add(found, document, i + 1, line.substring(2), true);
      }
    }
    return List.copyOf(found);
  }

  /// The lines of a file.
  public static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(
      List<DocumentedCommand> found, Path document, int line, String text, boolean fenced) {
    Matcher command = COMMAND.matcher(text);
    if (command.matches()) {
      found.add(new DocumentedCommand(document, line, shellWords(command.group(1)), fenced));
    }
  }

  /// Splits as a shell does, as far as the documents need it: quotes, and the end of the command at
  /// a comment, a pipe or a second command.
  private static List<String> shellWords(String text) {
    List<String> words = new ArrayList<>();
    Matcher token =
        Pattern.compile("\\G\\s*(?:(#.*|[|;&>].*)|((?:'[^']*'|\"[^\"]*\"|[^\\s'\"|;&>])+))")
            .matcher(text.strip());
    while (token.find() && token.group(1) == null) {
      words.add(token.group(2).replaceAll("['\"]", ""));
    }
    return List.copyOf(words);
  }

  @Override
  public String toString() {
    return "%s:%d: vistadr %s".formatted(document.getFileName(), line, String.join(" ", words));
  }
}
