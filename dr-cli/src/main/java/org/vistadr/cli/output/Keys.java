package org.vistadr.cli.output;

/// Keys as people see them. A key may hold any character; one that moves the cursor or turns the
/// writing direction must not reach a terminal.
public final class Keys {

  private Keys() {}

  /// The text with every character that does not print written as `\\u....`.
  public static String printable(String text) {
    if (text.codePoints().allMatch(Keys::prints)) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(character -> {
          if (prints(character)) {
            safe.appendCodePoint(character);
          } else {
            safe.append(String.format("\\u%04x", character));
          }
        });
    return safe.toString();
  }

  /// The argument as a POSIX shell reads it back.
  public static String quoted(String argument) {
    if (!argument.isEmpty() && argument.chars().allMatch(Keys::needsNoQuotes)) {
      return argument;
    }
    return "'" + argument.replace("'", "'\\''") + "'";
  }

  private static boolean needsNoQuotes(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || "/._-:=@%+,".indexOf(character) >= 0;
  }

  private static boolean prints(int character) {
    if (character >= ' ' && character < 0x7f) {
      return true;
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
