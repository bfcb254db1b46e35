package org.vistadr.cli.output;

/// Colours where they are wanted, nothing elsewhere. Colour never says what words do not.
///
/// @param coloured whether to write escape sequences
public record Style(boolean coloured) {

  /// Without colours.
  public static final Style NONE = new Style(false);

  /// Something to be glad of.
  public String good(String text) {
    return wrapped("32;1", text);
  }

  /// Something to act on.
  public String bad(String text) {
    return wrapped("31;1", text);
  }

  /// Something less important.
  public String faint(String text) {
    return wrapped("2", text);
  }

  /// Something important.
  public String strong(String text) {
    return wrapped("1", text);
  }

  private String wrapped(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
