package org.vistadr.storage.listing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pull parser for the small, data-only XML that S3 answers with.
///
/// Strict about structure: one root element, every tag closed in order, nothing after the root,
/// valid UTF-8, no document type (so no entities but the five predefined and numeric ones, and
/// nothing external). Tolerant about characters: numeric references and raw control characters that
/// XML 1.0 forbids are read as they are, because keys may hold them. A document that is cut
/// anywhere is an error.
///
/// Names are given without namespace prefix. Used by one thread.
public final class XmlReader extends XmlBytes {

  private static final int MAX_DEPTH = 32;
  private static final int NAME_CACHE = 128;

  private final int[] nameStart = new int[MAX_DEPTH];
  private final int[] nameEnd = new int[MAX_DEPTH];
  private final @Nullable String[] names = new @Nullable String[NAME_CACHE];
  private byte[] scratch = new byte[128];
  private int used;
  private int depth;
  private boolean selfClosed;

  /// @param data holds the document
  /// @param length its size, from the first byte of the array on
  public XmlReader(byte[] data, int length) {
    super(data, length);
  }

  /// Opens the root element and gives its name.
  public String root() throws UnprovedAnswer {
    if (limit >= 3 && in[0] == (byte) 0xEF && in[1] == (byte) 0xBB && in[2] == (byte) 0xBF) {
      at = 3;
    }
    skipMisc();
    if (at >= limit) {
      throw new UnprovedAnswer("the answer is empty where XML was expected");
    }
    if (in[at] != '<') {
      throw new UnprovedAnswer("the answer is no XML");
    }
    return open();
  }

  /// The name of the next child of the current element, opened; null when the current element
  /// ended.
  public @Nullable String nextChild() throws UnprovedAnswer {
    if (selfClosed) {
      selfClosed = false;
      depth--;
      return null;
    }
    while (true) {
      skipSpace();
      if (peek(0) != '<') {
        throw new UnprovedAnswer("text between elements at byte " + at);
      }
      switch (peek(1)) {
        case '/' -> {
          close();
          return null;
        }
        case '!' -> skipComment();
        case '?' -> skipInstruction();
        default -> {
          return open();
        }
      }
    }
  }

  /// The text of the element that was just opened, up to and including its end.
  public String text() throws UnprovedAnswer {
    if (selfClosed) {
      selfClosed = false;
      depth--;
      return "";
    }
    int start = at;
    boolean plain = true;
    while (peek(0) != '<') {
      byte b = in[at];
      plain &= b != '&' && b != '\r';
      at++;
    }
    if (plain && peek(1) == '/') {
      String text = decode(in, start, at);
      close();
      return text;
    }
    at = start;
    return mixedText();
  }

  /// As [#text()] for an element that holds no others; empty, and nothing is passed over, for one
  /// that does.
  public Optional<String> textOnly() throws UnprovedAnswer {
    if (!selfClosed) {
      int next = at;
      while (next < limit
          && (in[next] == ' ' || in[next] == '\n' || in[next] == '\r' || in[next] == '\t')) {
        next++;
      }
      boolean element =
          next + 1 < limit && in[next] == '<' && in[next + 1] != '/' && in[next + 1] != '!';
      if (element) {
        return Optional.empty();
      }
    }
    return Optional.of(text());
  }

  /// Passes over the element that was just opened and all that it holds.
  public void skip() throws UnprovedAnswer {
    int target = depth - 1;
    if (selfClosed) {
      selfClosed = false;
      depth--;
      return;
    }
    while (depth > target) {
      if (peek(0) != '<') {
        at++;
        continue;
      }
      switch (peek(1)) {
        case '/' -> close();
        case '!' -> {
          if (startsWith("<![CDATA[")) {
            at = find("]]>", at + 9) + 3;
          } else {
            skipComment();
          }
        }
        case '?' -> skipInstruction();
        default -> {
          open();
          if (selfClosed) {
            selfClosed = false;
            depth--;
          }
        }
      }
    }
  }

  /// Proves that nothing follows the root element.
  public void end() throws UnprovedAnswer {
    if (depth != 0) {
      throw new UnprovedAnswer("the XML ends inside an element");
    }
    skipMisc();
    if (at < limit) {
      throw new UnprovedAnswer("something follows the XML's end at byte " + at);
    }
  }

  private String mixedText() throws UnprovedAnswer {
    used = 0;
    while (true) {
      byte b = peek(0);
      if (b == '<') {
        if (peek(1) == '/') {
          String decoded = decode(scratch, 0, used);
          close();
          return decoded;
        } else if (startsWith("<![CDATA[")) {
          int end = find("]]>", at + 9);
          for (at += 9; at < end; at++) {
            literal();
          }
          at = end + 3;
        } else if (peek(1) == '!') {
          skipComment();
        } else if (peek(1) == '?') {
          skipInstruction();
        } else {
          throw new UnprovedAnswer("an element where text was expected at byte " + at);
        }
      } else if (b == '&') {
        reference();
      } else {
        literal();
        at++;
      }
    }
  }

  private void write(byte b) {
    if (used == scratch.length) {
      scratch = Arrays.copyOf(scratch, 2 * used);
    }
    scratch[used++] = b;
  }

  /// Line ends are read as XML says: CR LF and a lone CR are one LF.
  private void literal() {
    byte b = in[at];
    if (b != '\r') {
      write(b);
    } else if (at + 1 >= limit || in[at + 1] != '\n') {
      write((byte) '\n');
    }
  }

  private void reference() throws UnprovedAnswer {
    // Entity tags come as &quot;...&quot;, twice in each entry.
    if (startsWith("&quot;")) {
      write((byte) '"');
      at += 6;
      return;
    }
    int end = find(";", at + 1);
    if (end - at > 12) {
      throw new UnprovedAnswer("a reference without end at byte " + at);
    }
    String name = new String(in, at + 1, end - at - 1, StandardCharsets.ISO_8859_1);
    String value =
        switch (name) {
          case "lt" -> "<";
          case "gt" -> ">";
          case "amp" -> "&";
          case "quot" -> "\"";
          case "apos" -> "'";
          default -> numeric(name);
        };
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      write(b);
    }
    at = end + 1;
  }

  private String numeric(String name) throws UnprovedAnswer {
    try {
      if (name.startsWith("#")) {
        int point =
            name.startsWith("#x")
                ? Integer.parseInt(name.substring(2), 16)
                : Integer.parseInt(name.substring(1));
        if (point >= 0 && Character.isValidCodePoint(point) && (point < 0xD800 || point > 0xDFFF)) {
          return Character.toString(point);
        }
      }
    } catch (NumberFormatException _) {
      // Falls through: the reference is named in the error below.
    }
    throw new UnprovedAnswer("an unknown reference at byte " + at);
  }

  private String open() throws UnprovedAnswer {
    if (depth == MAX_DEPTH) {
      throw new UnprovedAnswer("elements nested deeper than " + MAX_DEPTH);
    }
    int start = at + 1;
    int local = start;
    int end = start;
    while (!endsName(byteAt(end))) {
      if (in[end] == ':') {
        local = end + 1;
      }
      end++;
    }
    if (local == end) {
      throw new UnprovedAnswer("an element without name at byte " + at);
    }
    byte first = in[local];
    if (!(first >= 'a' && first <= 'z'
        || first >= 'A' && first <= 'Z'
        || first == '_'
        || first < 0)) {
      throw new UnprovedAnswer("an element name that cannot be one at byte " + at);
    }
    nameStart[depth] = start;
    nameEnd[depth] = end;
    depth++;
    at = end;
    attributes();
    return name(local, end);
  }

  private void attributes() throws UnprovedAnswer {
    while (true) {
      skipSpace();
      byte b = peek(0);
      if (b == '>') {
        at++;
        return;
      }
      if (b == '/') {
        if (peek(1) != '>') {
          throw new UnprovedAnswer("a stray '/' in a tag at byte " + at);
        }
        at += 2;
        selfClosed = true;
        return;
      }
      while (!endsName(peek(0)) && in[at] != '=') {
        at++;
      }
      skipSpace();
      if (peek(0) != '=') {
        throw new UnprovedAnswer("an attribute without value at byte " + at);
      }
      at++;
      skipSpace();
      byte quote = peek(0);
      if (quote != '"' && quote != '\'') {
        throw new UnprovedAnswer("an attribute value without quotes at byte " + at);
      }
      at++;
      while (peek(0) != quote) {
        if (in[at] == '<') {
          throw new UnprovedAnswer("a '<' in an attribute at byte " + at);
        }
        at++;
      }
      at++;
    }
  }

  private void close() throws UnprovedAnswer {
    int start = at + 2;
    int from = nameStart[depth - 1];
    int to = nameEnd[depth - 1];
    int end = start + to - from;
    if (end >= limit || !Arrays.equals(in, from, to, in, start, end)) {
      throw new UnprovedAnswer("a tag is not closed in order at byte " + at);
    }
    at = end;
    skipSpace();
    if (peek(0) != '>') {
      throw new UnprovedAnswer("a tag is not closed in order at byte " + at);
    }
    at++;
    depth--;
  }

  private void skipMisc() throws UnprovedAnswer {
    while (true) {
      skipSpace();
      if (startsWith("<?")) {
        declaredEncoding();
        skipInstruction();
      } else if (startsWith("<!--")) {
        skipComment();
      } else {
        if (startsWith("<!")) {
          throw new UnprovedAnswer("a document type, HTML perhaps, where S3 XML was expected");
        }
        return;
      }
    }
  }

  private void declaredEncoding() throws UnprovedAnswer {
    if (startsWith("<?xml")) {
      String declaration = new String(in, at, find("?>", at) - at, StandardCharsets.ISO_8859_1);
      int encoding = declaration.indexOf("encoding");
      if (encoding >= 0
          && !declaration.regionMatches(true, encoding + 10, "utf-8", 0, 5)
          && !declaration.regionMatches(true, encoding + 10, "us-ascii", 0, 8)) {
        throw new UnprovedAnswer("the XML is not encoded in UTF-8: " + declaration);
      }
    }
  }

  /// Element names repeat on every entry, so they are made once.
  private String name(int from, int to) throws UnprovedAnswer {
    int hash = 7;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + in[i];
    }
    int slot = hash & (NAME_CACHE - 1);
    String cached = names[slot];
    if (cached != null && sameAscii(cached, from, to)) {
      return cached;
    }
    String made = decode(in, from, to);
    names[slot] = made;
    return made;
  }

  private boolean sameAscii(String text, int from, int to) {
    if (text.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i - from) != in[i]) {
        return false;
      }
    }
    return true;
  }
}
