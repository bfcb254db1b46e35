package org.vistadr.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A part of a bucket setting: a name with a text, or a name with parts below it. What providers
/// tell as XML or JSON, without the notation. Immutable.
///
/// Its lines are what people read and what is kept: one part a line, two spaces deeper below its
/// parent. Line ends and other control characters in texts are written as escapes, so that every
/// tree is given back by [#parse].
///
/// @param text empty where there are parts below
public record ConfigNode(String name, String text, List<ConfigNode> children) {

  private static final String INDENT = "  ";
  private static final int DEEPEST = 64;

  /// Parts that say what the others are about: they come first.
  private static final Set<String> NAMES = Set.of("ID", "Id", "Sid", "Key");

  /// Copies the list.
  public ConfigNode {
    children = List.copyOf(children);
  }

  /// A name with a text.
  public static ConfigNode leaf(String name, String text) {
    return new ConfigNode(name, text, List.of());
  }

  /// A name with parts.
  public static ConfigNode of(String name, List<ConfigNode> children) {
    return new ConfigNode(name, "", children);
  }

  /// A name with parts.
  public static ConfigNode of(String name, ConfigNode... children) {
    return of(name, List.of(children));
  }

  /// Whether nothing is in it.
  public boolean isEmpty() {
    return text.isEmpty() && children.isEmpty();
  }

  /// The parts of a name.
  public List<ConfigNode> all(String wanted) {
    return children.stream().filter(child -> child.name.equals(wanted)).toList();
  }

  /// The first part of a name.
  public Optional<ConfigNode> child(String wanted) {
    return children.stream().filter(child -> child.name.equals(wanted)).findFirst();
  }

  /// The text of the first part of a name.
  public Optional<String> value(String wanted) {
    return child(wanted).map(ConfigNode::text);
  }

  /// The same with another list of parts.
  public ConfigNode withChildren(List<ConfigNode> others) {
    return new ConfigNode(name, text, others);
  }

  /// The same, its parts in an order that depends on nothing but themselves.
  ///
  /// @param keepOrder whether the order of the topmost parts means something and stays
  public ConfigNode sorted(boolean keepOrder) {
    List<ConfigNode> sorted = new ArrayList<>();
    children.forEach(child -> sorted.add(child.sorted(false)));
    if (!keepOrder) {
      sorted.sort(
          Comparator.comparing((ConfigNode child) -> !NAMES.contains(child.name))
              .thenComparing(ConfigNode::name)
              .thenComparing(child -> String.join("\n", child.line(), child.text())));
    }
    return withChildren(sorted);
  }

  /// Whether all that another one holds is in this one, too.
  public boolean holds(ConfigNode other) {
    if (!text.equals(other.text)) {
      return false;
    }
    List<ConfigNode> left = new ArrayList<>(children);
    for (ConfigNode wanted : other.children) {
      Optional<ConfigNode> found =
          left.stream()
              .filter(child -> child.name.equals(wanted.name) && child.holds(wanted))
              .findFirst();
      if (found.isEmpty()) {
        return false;
      }
      left.remove(found.get());
    }
    return true;
  }

  /// The parts below this one as lines; its own name is not in them.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    children.forEach(child -> child.write("", lines));
    return lines;
  }

  /// The tree of such lines, below a name.
  ///
  /// @throws IllegalArgumentException when they are none
  public static ConfigNode parse(String name, List<String> lines) {
    int[] at = {0};
    List<ConfigNode> children = below(lines, at, 0);
    if (at[0] < lines.size()) {
      throw new IllegalArgumentException("line %d is too deep".formatted(at[0] + 1));
    }
    return of(name, children);
  }

  private static List<ConfigNode> below(List<String> lines, int[] at, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("deeper than " + DEEPEST);
    }
    List<ConfigNode> nodes = new ArrayList<>();
    String indent = INDENT.repeat(depth);
    while (at[0] < lines.size()) {
      String line = lines.get(at[0]);
      if (!line.startsWith(indent) || line.startsWith(indent + INDENT)) {
        break;
      }
      at[0]++;
      String own = line.substring(indent.length());
      int colon = own.indexOf(": ");
      if (colon >= 0) {
        nodes.add(leaf(unescape(own.substring(0, colon)), unescape(own.substring(colon + 2))));
      } else if (own.endsWith(":")) {
        nodes.add(leaf(unescape(own.substring(0, own.length() - 1)), ""));
      } else {
        nodes.add(of(unescape(own), below(lines, at, depth + 1)));
      }
    }
    return nodes;
  }

  private void write(String indent, List<String> lines) {
    if (children.isEmpty()) {
      lines.add(indent + escapedName() + (text.isEmpty() ? ":" : ": " + escape(text)));
      return;
    }
    lines.add(indent + escapedName());
    children.forEach(child -> child.write(indent + INDENT, lines));
  }

  private String line() {
    return String.join("\n", lines());
  }

  /// Without what would end it too early.
  private String escapedName() {
    String escaped = escape(name).replace(" ", "\\s");
    return escaped.endsWith(":") ? escaped.substring(0, escaped.length() - 1) + "\\c" : escaped;
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        escaped.append("\\\\");
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char kind = ++i < text.length() ? text.charAt(i) : 0;
      switch (kind) {
        case '\\' -> plain.append('\\');
        case 's' -> plain.append(' ');
        case 'c' -> plain.append(':');
        case 'u' -> {
          if (i + 5 > text.length()) {
            throw new IllegalArgumentException("an escape that was cut short");
          }
          plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> throw new IllegalArgumentException("an unknown escape");
      }
    }
    return plain.toString();
  }
}
